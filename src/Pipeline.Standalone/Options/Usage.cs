namespace Pipeline.Standalone.Options;

/// <summary>What the host says about itself.</summary>
public static class Usage
{
    public const string Line = "--help tells what there is.";

    public const string Text = """
        Pipeline.Standalone: durable event streams and the pipelines that process them, in one process.

          --urls http://127.0.0.1:8080   addresses to listen on, separated by ';'
          --data ./data                  where directory stores and file sinks lie
          --stores 3                     number of directory stores: 1, 3 or 5
          --pipelines ./pipelines        definitions to apply at start, where they changed
          --code ./code                  assemblies (*.dll) with C# stages
          --store name=address           a named store, once for each of 1, 3 or 5: a directory, a container's
                                         URL, or a connection string with ;Container=name

        Pipeline__Definitions__Variables=A,B_* lets definitions read these variables; Pipeline__Sinks__Paths=/out lets
        sinks write there and not only below the data folder, Pipeline__Sinks__PrivateHosts=127.0.0.1,10.0.0.0/8
        lets webhooks go there.
        Pipeline__HealthUrls names addresses that answer health alone, beside the others.
        The same settings come from the environment (Pipeline__Urls, Pipeline__Store__a) and appsettings.json.
        Exit codes: 0 stopped, 1 cannot listen, 2 bad options, definitions or data, 3 another process took over.
        """;
}
