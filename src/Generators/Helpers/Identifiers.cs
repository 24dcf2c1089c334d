using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>Makes names for generated members. Files are named by <see cref="FileNames"/>.</summary>
internal static class Identifiers
{
    /// <summary>The name as a parameter or local: first letter small, keywords escaped.</summary>
    public static string Camel(string name)
    {
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Escape(camel);
    }

    /// <summary>
    /// A name as an identifier that stands by itself: an @ before whatever the language means somewhere, contextual keywords too. Which of them means
    /// something depends on the place (<c>field</c> in an accessor, <c>await</c> in a thunk, <c>_</c> in a pattern); with the @ none does.
    /// </summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    /// <summary>A name as part of a longer one, and for people.</summary>
    public static string Bare(string identifier) => identifier.TrimStart('@');

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
                stem.Append(IsPart(c) ? c : '_');
        }
        string text = stem.ToString();
        if (text.EndsWith(suffix, StringComparison.Ordinal))
            text = text.Substring(0, text.Length - suffix.Length);
        return text;
    }

    /// <summary>
    /// An assembly's name as part of a type's name, one-to-one: a dot is an underscore, what could be mistaken for one, or is no part of an identifier,
    /// two underscores and its number.
    /// </summary>
    public static string TypeStem(string assemblyName)
    {
        var stem = new StringBuilder();
        for (int i = 0; i < assemblyName.Length; i++)
        {
            char c = assemblyName[i];
            // Two dots in a row would look like an escape, and one in front like the underscore below.
            if (c == '.' && i > 0 && assemblyName[i - 1] != '.')
                stem.Append('_');
            else if (c != '_' && IsPart(c))
                stem.Append(c);
            else
                stem.Append("__").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
        }
        return stem.Length > 0 && !SyntaxFacts.IsIdentifierStartCharacter(stem[0]) ? "_" + stem : stem.ToString();
    }

    /// <summary>The name, with a number behind it where <paramref name="taken"/> has it already.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
            unique = name + i;
        return unique;
    }

    /// <summary>Format characters may stand in an identifier, but are no part of what it is compared by.</summary>
    private static bool IsPart(char c) => SyntaxFacts.IsIdentifierPartCharacter(c) && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.Format;
}
