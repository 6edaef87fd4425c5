using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>
/// Where work runs on loops, none begins that nobody watches: what would be lost with it is the exception that ended
/// it. Such work begins in one place, <c>LoopTasks</c>.
/// </summary>
public sealed class SupervisedWork : ITidyRule
{
    private static readonly string[] Layers =
    [
        "src/Pipeline.Replication/", "src/Pipeline.Definitions/", "src/Pipeline.Ingestion/", "src/Pipeline.Runtime/",
        "src/Pipeline.Grains/",
    ];

    /// <summary>Where it begins.</summary>
    private const string Begins = "src/Pipeline.Replication/Loops/LoopTasks.cs";

    public IEnumerable<Finding> Check(SourceFile file) =>
        !file.IsCSharp || !Layers.Any(layer => file.Path.StartsWith(layer, StringComparison.Ordinal))
        || file.Path == Begins ? [] :
        from node in file.Syntax.DescendantNodes()
        where IsUnwatched(node)
        let line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1
        select new Finding(file.Path, line, "nobody sees how this ends: begin it with LoopTasks");

    private static bool IsUnwatched(SyntaxNode node) => node switch
    {
        // _ = WorkAsync();
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" } } discard =>
            IsAsynchronous(discard.Right),

        // WorkAsync(); also as the body of what gives nothing, where no compiler warns.
        ExpressionStatementSyntax statement => IsAsynchronous(statement.Expression),
        ArrowExpressionClauseSyntax arrow => ReturnsNothing(arrow.Parent) && IsAsynchronous(arrow.Expression),

        // async void
        MethodDeclarationSyntax method => IsAsyncVoid(method.Modifiers, method.ReturnType),
        LocalFunctionStatementSyntax function => IsAsyncVoid(function.Modifiers, function.ReturnType),

        // Post takes an action: an async lambda is async void there.
        AnonymousFunctionExpressionSyntax lambda => IsPosted(lambda)
            && (lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword)
                || (lambda.ExpressionBody is { } body && IsAsynchronous(body))),
        _ => false,
    };

    /// <summary>A call of what is named as asynchronous work, with nothing that waits for it.</summary>
    private static bool IsAsynchronous(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax call => NameOf(call.Expression).EndsWith("Async", StringComparison.Ordinal),
        ConditionalAccessExpressionSyntax access => IsAsynchronous(access.WhenNotNull),
        ParenthesizedExpressionSyntax inner => IsAsynchronous(inner.Expression),
        _ => false,
    };

    private static string NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    private static bool IsPosted(AnonymousFunctionExpressionSyntax lambda) =>
        lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call }
        && NameOf(call.Expression) == "Post";

    private static bool ReturnsNothing(SyntaxNode? member) => member switch
    {
        MethodDeclarationSyntax method => IsVoid(method.ReturnType),
        LocalFunctionStatementSyntax function => IsVoid(function.ReturnType),
        _ => false,
    };

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && IsVoid(type);

    private static bool IsVoid(TypeSyntax type) =>
        type is PredefinedTypeSyntax predefined && predefined.Keyword.IsKind(SyntaxKind.VoidKeyword);
}
