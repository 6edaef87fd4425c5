namespace Pipeline.Http.Access;

/// <summary>The keys of the issuer could not be read, so nothing can be said of its tokens.</summary>
internal sealed class IssuerUnavailableException()
    : Exception("The keys of the issuer of tokens cannot be read now; send it again.");
