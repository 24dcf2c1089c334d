using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators;

/// <summary>
/// What a generator could not do. One that throws is switched off for the whole project (CS8785): a fault of ours at one declaration is said there, and the
/// rest is generated. Strings and numbers only, as every pipeline value here.
/// </summary>
/// <param name="Id">The rule.</param>
/// <param name="What">The declaration, or the rule's first argument.</param>
/// <param name="Why">The exception, or the rule's second argument.</param>
/// <param name="Path">Its file; null where there is no place.</param>
/// <param name="Span">Where in the file.</param>
/// <param name="Lines">The same in lines.</param>
internal sealed record Failure(string Id, string What, string Why, string? Path, TextSpan Span, LinePositionSpan Lines)
{
    /// <summary>What tests let fail: given a declaration's name, it may throw.</summary>
    internal static readonly AsyncLocal<Action<string>?> Seam = new();

    /// <summary>Runs what reads or writes one declaration.</summary>
    /// <returns>Null, and the failure, where it throws anything but a cancellation.</returns>
    public static T? Of<T>(ISymbol symbol, Func<T?> work, out Failure? failure)
        where T : class
    {
        failure = null;
        try
        {
            Seam.Value?.Invoke(symbol.Name);
            return work();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            string name = symbol is IMethodSymbol or IPropertySymbol ? $"{symbol.ContainingType?.Name}.{symbol.Name}" : symbol.Name;
            failure = At(symbol, DiagnosticIds.RTNL010GeneratorFailed, name, Text(exception));
            return null;
        }
    }

    /// <summary>Adds a file, or says why there is none.</summary>
    public static void AddSource(SourceProductionContext output, string hintName, string what, Func<string> emit)
    {
        try
        {
            Seam.Value?.Invoke(hintName);
            output.AddSource(hintName, SourceText.From(emit(), System.Text.Encoding.UTF8));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Of(what, exception).Report(output);
        }
    }

    /// <summary>The failure of what belongs to no single declaration.</summary>
    public static Failure Of(string what, Exception exception) => new(DiagnosticIds.RTNL010GeneratorFailed, what, Text(exception), null, default, default);

    /// <summary>What a rule says of a symbol.</summary>
    public static Failure At(ISymbol symbol, string id, string what, string why)
    {
        Location? place = symbol.Locations.FirstOrDefault(location => location.IsInSource);
        FileLinePositionSpan? lines = place?.GetLineSpan();
        return new Failure(id, what, why, lines?.Path, place?.SourceSpan ?? default, lines?.Span ?? default);
    }

    /// <summary>Says it.</summary>
    public void Report(SourceProductionContext output) => output.ReportDiagnostic(Diagnostic.Create(
        BuildDescriptors.All.First(descriptor => descriptor.Id == Id),
        Path is null ? Location.None : Location.Create(Path, Span, Lines),
        What,
        Why));

    private static string Text(Exception exception) => $"{exception.GetType().Name}: {exception.Message.Replace("\r", "").Replace("\n", " ")}";
}
