using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SmallRtnl;

/// <summary>
/// What may name a namespace: a file's name under /run/netns that can be shown. UTF-8 of at most NAME_MAX bytes, without slash, NUL and control
/// characters, neither "." nor "..". The one rule for every way by which a name comes in.
/// </summary>
internal static class NetName
{
    private const int MaxBytes = 255;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether it may be a name.</summary>
    public static bool IsValid(string name) => TryWrite(name, out _);

    /// <summary>Reads a name that a peer sent.</summary>
    /// <returns>False where it cannot be one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out string? name)
    {
        name = utf8.Length <= MaxBytes && System.Text.Unicode.Utf8.IsValid(utf8) ? s_strict.GetString(utf8) : null;
        if (name is null || !HasValidCharacters(name))
            name = null;
        return name is not null;
    }

    /// <summary>The bytes of a name.</summary>
    /// <returns>False where it cannot be one.</returns>
    public static bool TryWrite(string name, [NotNullWhen(true)] out byte[]? utf8)
    {
        utf8 = null;
        // A half of a surrogate pair has no bytes.
        if (name.Length > MaxBytes || !HasValidCharacters(name) || HasLoneSurrogate(name))
            return false;
        utf8 = s_strict.GetBytes(name);
        if (utf8.Length > MaxBytes)
            utf8 = null;
        return utf8 is not null;
    }

    private static bool HasValidCharacters(string name)
    {
        if (name is "" or "." or "..")
            return false;
        foreach (char character in name)
        {
            // Those that a terminal obeys: C0, DEL and C1, and the two that end a line or a paragraph.
            if (character is '/' or '\u2028' or '\u2029' || char.IsControl(character))
                return false;
        }
        return true;
    }

    private static bool HasLoneSurrogate(string name)
    {
        for (ReadOnlySpan<char> rest = name; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int used) != System.Buffers.OperationStatus.Done)
                return true;
            rest = rest[used..];
        }
        return false;
    }
}
