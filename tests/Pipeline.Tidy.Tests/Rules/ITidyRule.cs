namespace Pipeline.Tidy.Tests.Rules;

/// <summary>One rule about a file of the tree.</summary>
public interface ITidyRule
{
    IEnumerable<Finding> Check(SourceFile file);
}
