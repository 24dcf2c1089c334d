using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>Files by name.</summary>
internal static class FileNames
{
    // With the suffix below what file systems take, in bytes; and what is kept of a longer one, in characters.
    private const int Longest = 200;
    private const int Kept = 60;

    /// <summary>A path's last part, whichever system wrote it: where a build machine keeps a file is nobody's business.</summary>
    public static string Last(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);

    /// <summary>
    /// A file's name for what a symbol's display says: what the compiler, or a file system, does not take becomes an underscore; a name that is too long is cut, and
    /// ends in a number made of the whole. Not one-to-one: <see cref="Unique"/> is.
    /// </summary>
    public static string Of(string display)
    {
        var name = new StringBuilder(display.Length);
        foreach (char c in display)
        {
            if (c != '@')
                name.Append(c is '.' or '_' || SyntaxFacts.IsIdentifierPartCharacter(c) ? c : '_');
        }
        if (Encoding.UTF8.GetByteCount(name.ToString()) <= Longest)
            return name.ToString();
        uint hash = 2166136261;
        foreach (char c in display)
            hash = unchecked((hash ^ c) * 16777619);
        return name.ToString(0, Math.Min(name.Length, Kept)) + "_" + hash.ToString("x8", CultureInfo.InvariantCulture);
    }

    /// <summary>The same, apart from those that are taken; file names are compared without case.</summary>
    public static string Unique(string display, HashSet<string> taken) => Identifiers.Unique(Of(display), taken);

    /// <summary>An empty set of names taken.</summary>
    public static HashSet<string> None() => new(StringComparer.OrdinalIgnoreCase);
}
