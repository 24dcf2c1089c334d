using System.Globalization;
using System.Text;

namespace SmallRtnl.Host;

/// <summary>Text of somebody else's on its way to a terminal: what would steer it, or show itself as something else, is spelled out.</summary>
internal static class Printable
{
    /// <summary>The text with every character escaped that is not one to look at: controls, marks of direction, line ends, halves of pairs, and the backslash that escapes.</summary>
    public static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains('\\', StringComparison.Ordinal))
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
                continue;
            }
            i += rune.Utf16SequenceLength - 1;
            if (rune.Value == '\\')
                escaped.Append("\\\\");
            else if (!IsHidden(rune))
                escaped.Append(rune.ToString());
            else if (rune.IsAscii)
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}");
            else if (rune.IsBmp)
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }
        return escaped.ToString();
    }

    /// <summary>Cc has both sets of controls, Cf the marks of direction and what takes no room; Zl and Zp end lines.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
