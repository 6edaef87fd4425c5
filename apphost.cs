#:sdk Aspire.AppHost.Sdk@13.6.4
#:package Aspire.Hosting.AppHost@13.6.5
#:package Aspire.Hosting.PostgreSQL@13.6.5
#:package Polly.Core@8.8.0
#:package Nerdbank.MessagePack@1.3.88
#:project src/Pipeline.Silo/Pipeline.Silo.csproj
#:project src/Pipeline.Ingest/Pipeline.Ingest.csproj
#:project src/Pipeline.Cli/Pipeline.Cli.csproj
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false
#:property NoWarn=$(NoWarn);ASPIRE010

// The whole cluster on one machine, with a dashboard of its traces, metrics and logs: dotnet run apphost.cs
//   --data FOLDER      where the stores, the sinks' files and the database lie; data/aspire
//   --first-port N     all listen at N and above, rather than where docs/cluster.md has them: a second cluster beside
// The database is a PostgreSQL of this machine where Debian's package is installed, else one in a container.
// What each host is given is held to infra/checks/hosts.json by tests/Pipeline.Infra.Tests, and
// tests/Pipeline.Cluster.Acceptance/AppHostTests.cs runs it.

using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

const int Silos = 3;
const int Fronts = 2;

var builder = DistributedApplication.CreateBuilder(args);
var data = Path.GetFullPath(builder.Configuration["data"] ?? "data/aspire", builder.AppHostDirectory);
var firstPort = builder.Configuration.GetValue<int?>("first-port");

var (membership, database) = Directory.Exists("/usr/lib/postgresql") ? AddLocalPostgres() : AddContainer();

// Makes the tables of the membership, then ends.
var migrate = AddMigrate("migrate");
var silos = Enumerable.Range(0, Silos).Select(number => AddSilo($"silo-{number}", number)).ToList();
var fronts = Enumerable.Range(0, Fronts).Select(number => AddIngest($"ingest-{number}", number)).ToList();

// Puts the pipeline of the quick start into force, then ends.
var define = builder.AddProject<Projects.Pipeline_Cli>("define")
    .WithArgs("apply", Path.Combine(builder.AppHostDirectory, "pipelines", "telemetry.yaml"), "--url", FrontUrl(0))
    .WaitFor(fronts[0]);

// Started from the dashboard: sends readings for 20 seconds.
builder.AddProject<Projects.Pipeline_Cli>("sample-load")
    .WithArgs("send", "--url", FrontUrl(0), "--stream", "readings", "--seconds", "20")
    .WaitForCompletion(define)
    .WithExplicitStart();

builder.Build().Run();

IResourceBuilder<ProjectResource> AddMigrate(string name) =>
    builder.AddProject<Projects.Pipeline_Silo>(name)
        .WithArgs("migrate")
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WaitFor(database);

// Each silo has ports of its own, as on Azure.
IResourceBuilder<ProjectResource> AddSilo(string name, int number)
{
    var port = Port(8091, 0, number);
    var silo = builder.AddProject<Projects.Pipeline_Silo>(name)
        .WithHttpEndpoint(port: port, isProxied: false)
        .WithEnvironment("Pipeline__Urls", Url(port))
        .WithEnvironment("Pipeline__Data", Path.Combine(data, "files"))
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WithEnvironment("Orleans__Endpoints__AdvertisedIPAddress", "127.0.0.1")
        .WithEnvironment("Orleans__Endpoints__SiloPort", Text(Port(11111, 10, number)))
        .WithEnvironment("Orleans__Endpoints__GatewayPort", Text(Port(30000, 20, number)))
        .WithHttpHealthCheck("/health/ready")
        .WaitForCompletion(migrate);
    foreach (var store in (string[])["a", "b", "c"])
    {
        silo.WithEnvironment($"Pipeline__Store__{store}", Path.Combine(data, "stores", store));
    }

    return silo;
}

// A front that starts before any silo looks for one twice a second, and says so each time.
IResourceBuilder<ProjectResource> AddIngest(string name, int number) =>
    builder.AddProject<Projects.Pipeline_Ingest>(name)
        .WithHttpEndpoint(port: Port(8080, 30, number), isProxied: false)
        .WithEnvironment("Pipeline__Urls", FrontUrl(number))
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WithHttpHealthCheck("/health")
        .WaitFor(silos[0]);

(IResourceBuilder<IResourceWithConnectionString> Membership, IResourceBuilder<IResource> Database) AddContainer()
{
    var container = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("membership");
    return (container, container);
}

(IResourceBuilder<IResourceWithConnectionString> Membership, IResourceBuilder<IResource> Database) AddLocalPostgres()
{
    var port = Port(55432, 40, 0);
    var connection = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres";
    builder.Services.AddHealthChecks().AddNpgSql(connection, name: "postgres");
    var server = builder.AddExecutable(
            "postgres", "sh", builder.AppHostDirectory, "eng/local-postgres.sh", Path.Combine(data, "postgres"))
        .WithEndpoint(port: port, scheme: "tcp", env: "PGPORT", isProxied: false)
        .WithHealthCheck("postgres");
    return (builder.AddConnectionString("membership", ReferenceExpression.Create($"{connection}")), server);
}

string FrontUrl(int number) => Url(Port(8080, 30, number));

int Port(int usual, int place, int number) => (firstPort + place ?? usual) + number;

static string Url(int port) => $"http://127.0.0.1:{port}";

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
