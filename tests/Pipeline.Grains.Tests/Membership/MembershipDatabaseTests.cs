using Microsoft.Extensions.Configuration;
using Npgsql;
using Pipeline.Grains.Membership;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Grains.Tests.Membership;

public sealed class MembershipDatabaseTests
{
    private const string Remote = "ConnectionString=Host=db.example;Username=silo;SSL Mode=VerifyFull";

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(false, Remote)]
    [InlineData(true, Remote, "Authentication=Entra")]
    [InlineData(true, "ConnectionString=Host=127.0.0.1;Username=silo", "Authentication=Entra")]
    [InlineData(false, "ConnectionString=Host=db.example;Username=silo;Password=x")]
    public void What_is_right_is_read(bool usesTokens, params string[] settings)
    {
        var (database, errors) = Read(settings);
        Assert.Empty(errors);
        Assert.Equal(usesTokens, database.UsesTokens);
    }

    [Theory]
    [InlineData("needs a ConnectionString", "Authentication=Entra")]
    [InlineData("needs a ConnectionString", "ConnectionName=nowhere")]
    [InlineData("Authentication must be Entra, or be left out", Remote, "Authentication=entra-id")]
    [InlineData("holds a password or a Passfile", Remote + ";Password=secret-1", "Authentication=Entra")]
    [InlineData("holds a password or a Passfile", Remote + ";Passfile=/secret-1", "Authentication=Entra")]
    [InlineData("needs a Username", "ConnectionString=Host=127.0.0.1", "Authentication=Entra")]
    [InlineData("needs SSL Mode=VerifyFull", "ConnectionString=Host=db.example;Username=silo", "Authentication=Entra")]
    [InlineData("cannot be read", "ConnectionString=Hots=127.0.0.1", "Authentication=Entra")]
    [InlineData("cannot be read", "ConnectionString=Hots=127.0.0.1")]
    public void A_contradiction_is_named_with_what_to_do(string expected, params string[] settings)
    {
        var error = Assert.Single(Read(settings).Errors);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_the_moment_is_what_the_server_is_given()
    {
        await using var server = await PostgresCluster.StartAsync();
        await server.AddRoleAsync("silo", "first");
        var token = "wrong";
        var asked = 0;
        var (database, errors) = Read(
            $"ConnectionString=Host=127.0.0.1;Port={server.Port};Username=silo;Database=postgres;Pooling=false",
            "Authentication=Entra");
        Assert.Empty(errors);
        await using var source = database.Open(
            _ =>
            {
                Interlocked.Increment(ref asked);
                return ValueTask.FromResult(Volatile.Read(ref token));
            },
            Refresh,
            Refresh);
        async Task<string> LoginAsync()
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                return "in";
            }
            catch (PostgresException refused)
            {
                return refused.SqlState;
            }
        }

        Task BecomesAsync(string outcome) => Eventually.GetAsync(
            LoginAsync, seen => seen == outcome, TimeSpan.FromSeconds(20), $"logins give {outcome}");

        Assert.Equal(PostgresErrorCodes.InvalidPassword, await LoginAsync());
        Volatile.Write(ref token, "first");
        await BecomesAsync("in");
        await server.QueryAsync("ALTER ROLE silo PASSWORD 'second'");
        Assert.Equal(PostgresErrorCodes.InvalidPassword, await LoginAsync());
        Volatile.Write(ref token, "second");
        await BecomesAsync("in");
        Assert.True(asked > 2, $"asked {asked} times");
    }

    private static (MembershipDatabase Database, List<string> Errors) Read(params string[] settings)
    {
        var values = settings.Select(static setting => setting.Split('=', 2))
            .ToDictionary(static parts => "Orleans:Clustering:" + parts[0], static parts => (string?)parts[1]);
        var errors = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return (MembershipDatabase.Read(configuration, errors), errors);
    }
}
