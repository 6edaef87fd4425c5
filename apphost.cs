#:sdk Aspire.AppHost.Sdk@13.6.0
#:package Aspire.Hosting.Azure.Storage@13.6.0
#:package Aspire.Hosting.PostgreSQL@13.6.0
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false

// The whole cluster on one machine, with a dashboard of its traces, metrics and logs: aspire run
// Needs the Aspire command line and a container runtime (for PostgreSQL and Azurite). docs/cluster.md starts the same
// without either. What each host is given is held to infra/checks/hosts.json by tests/Pipeline.Infra.Tests.

const int Silos = 3;
const int Fronts = 2;

var builder = DistributedApplication.CreateBuilder(args);

var membership = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("membership");
var stores = new[] { "a", "b", "c" }.ToDictionary(
    name => name,
    name => builder.AddAzureStorage($"store-{name}").RunAsEmulator(azurite => azurite.WithDataVolume())
        .AddBlobs($"blobs-{name}"));

// Makes the tables of the membership, then ends.
var migrate = AddMigrate("migrate");
for (var i = 0; i < Silos; i++)
{
    AddSilo($"silo-{i}", i);
}

for (var i = 0; i < Fronts; i++)
{
    AddIngest($"ingest-{i}", 8080 + i);
}

// Started from the dashboard: sends readings for 20 seconds.
builder.AddProject("sample-load", "src/Pipeline.Cli/Pipeline.Cli.csproj")
    .WithArgs("send", "--url", "http://127.0.0.1:8080", "--stream", "readings", "--seconds", "20")
    .WithExplicitStart();

builder.Build().Run();

IResourceBuilder<ProjectResource> AddMigrate(string name) =>
    builder.AddProject(name, "src/Pipeline.Silo/Pipeline.Silo.csproj")
        .WithArgs("migrate")
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WaitFor(membership);

// Each silo has ports of its own, as on Azure.
void AddSilo(string name, int number)
{
    var silo = builder.AddProject(name, "src/Pipeline.Silo/Pipeline.Silo.csproj")
        .WithHttpEndpoint(port: 8091 + number, isProxied: false)
        .WithEnvironment("Pipeline__Urls", $"http://127.0.0.1:{8091 + number}")
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WithEnvironment("Orleans__Endpoints__AdvertisedIPAddress", "127.0.0.1")
        .WithEnvironment("Orleans__Endpoints__SiloPort", $"{11111 + number}")
        .WithEnvironment("Orleans__Endpoints__GatewayPort", $"{30000 + number}")
        .WithHttpHealthCheck("/health/ready")
        .WaitForCompletion(migrate);
    foreach (var (store, blobs) in stores)
    {
        silo.WithEnvironment($"Pipeline__Store__{store}", blobs).WaitFor(blobs);
    }
}

void AddIngest(string name, int port) =>
    builder.AddProject(name, "src/Pipeline.Ingest/Pipeline.Ingest.csproj")
        .WithHttpEndpoint(port: port, isProxied: false)
        .WithEnvironment("Pipeline__Urls", $"http://127.0.0.1:{port}")
        .WithEnvironment("Orleans__Clustering__ConnectionString", membership)
        .WithHttpHealthCheck("/health")
        .WaitForCompletion(migrate);
