namespace Pipeline.Infra.Tests;

/// <summary>What the images are made of.</summary>
internal sealed record ImageList(string Base, string User, IReadOnlyDictionary<string, ImageBinding> Projects);

/// <summary>A host's image.</summary>
internal sealed record ImageBinding(string Image, IReadOnlyList<int> Ports);
