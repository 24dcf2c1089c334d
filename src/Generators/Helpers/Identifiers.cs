using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>Makes names for generated members and files.</summary>
internal static class Identifiers
{
    /// <summary>The name as a parameter or local: first letter small, keywords escaped.</summary>
    public static string Camel(string name)
    {
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Escape(camel);
    }

    /// <summary>Puts an @ before a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) is SyntaxKind.FieldKeyword or SyntaxKind.AwaitKeyword or SyntaxKind.RecordKeyword
            ? "@" + name
            : name;

    /// <summary>
    /// X in <c>AddXHandlers</c>: the assembly's name without dots and without a trailing "Handlers", other characters replaced by an
    /// underscore.
    /// </summary>
    public static string AssemblyStem(string assemblyName)
    {
        const string suffix = "Handlers";
        var stem = new StringBuilder();
        foreach (char c in assemblyName)
        {
            if (c != '.')
                stem.Append(SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        }
        string text = stem.ToString();
        if (text.EndsWith(suffix, StringComparison.Ordinal))
            text = text.Substring(0, text.Length - suffix.Length);
        return text;
    }

    /// <summary>The name, with a number behind it where <paramref name="taken"/> has it already.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = name + i;
        return unique;
    }
}
