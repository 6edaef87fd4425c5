using Microsoft.Playwright;
using Pipeline.TestKit.Machines;

[assembly: AssemblyFixture(typeof(Pipeline.Browser.Tests.Chromium))]

namespace Pipeline.Browser.Tests;

/// <summary>The system's Chromium, one for all tests; without it they are skipped.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly SemaphoreSlim _gate = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A page of its own, as for somebody who comes for the first time.</summary>
    public async Task<Visit> VisitAsync(
        Uri address, string hash = "", int width = 1440, bool isDark = false, bool ignoresPolicy = false)
    {
        Requires.Program(Program, "chromium");
        var browser = await BrowserAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            BypassCSP = ignoresPolicy,
        });
        var visit = new Visit(context, await context.NewPageAsync(), address);
        await visit.GoAsync(hash);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _gate.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        await _gate.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Args =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update", "--disable-sync",
                ],
            });
        }
        finally
        {
            _gate.Release();
        }
    }
}
