using Microsoft.Playwright;

namespace Pipeline.Browser.Tests;

/// <summary>Somebody with the console before him. A mistake of its scripts fails the test at the end.</summary>
public sealed class Visit : IAsyncDisposable
{
    /// <summary>On a machine that is busy with other things.</summary>
    private const float PatienceMs = 30_000;

    private readonly IBrowserContext _context;
    private readonly Uri _address;
    private readonly List<string> _mistakes = [];

    internal Visit(IBrowserContext context, IPage page, Uri address)
    {
        (_context, Page, _address) = (context, page, address);
        context.SetDefaultTimeout(PatienceMs);
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        page.PageError += (_, mistake) => _mistakes.Add(mistake);
        page.Console += (_, line) =>
        {
            // A call that is not built is refused, and the page says so.
            if (line.Type == "error" && !line.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                _mistakes.Add(line.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Goes to a page of the console, and waits until it has a heading.</summary>
    public async Task GoAsync(string hash)
    {
        await Page.GotoAsync($"{_address}{hash}");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
    }

    public ILocator Role(AriaRole role, string name, bool exact = false) =>
        Page.GetByRole(role, new PageGetByRoleOptions { Name = name, Exact = exact });

    /// <summary>A part of the page, by its whole name.</summary>
    public ILocator Region(string name) => Role(AriaRole.Region, name, exact: true);

    /// <summary>Presses a button, and in the dialog that asks once the one that agrees.</summary>
    public async Task DoAsync(string button, string question, string yes)
    {
        await Role(AriaRole.Button, button, exact: true).ClickAsync();
        var agree = new LocatorGetByRoleOptions { Name = yes, Exact = true };
        await Role(AriaRole.Dialog, question).GetByRole(AriaRole.Button, agree).ClickAsync();
    }

    public async Task SeesAsync(AriaRole role, string name) =>
        await Assertions.Expect(Role(role, name).First).ToBeVisibleAsync();

    /// <summary>An element of this role has this text in it.</summary>
    public async Task SeesAsync(AriaRole role, string name, string text) =>
        await Assertions.Expect(Role(role, name).First).ToContainTextAsync(text);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_mistakes);
    }
}
