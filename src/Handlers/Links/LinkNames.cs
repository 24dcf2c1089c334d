namespace SmallRtnl.Links;

/// <summary>Names of links: what is valid, what is taken, and templates.</summary>
internal static class LinkNames
{
    /// <summary>8 × PAGE_SIZE, as <c>__dev_alloc_name</c> bounds its search.</summary>
    private const int MaxNumber = 32768;

    /// <summary>Checks a wanted name, and numbers it where it is a template (<c>dev_prep_valid_name</c>).</summary>
    public static RtnlResult Choose(LinkTable table, InterfaceName wanted, out InterfaceName name)
    {
        name = wanted;
        if (!wanted.IsValidDeviceName)
            return RtnlResult.Error(Errno.EINVAL);
        int percent = wanted.Utf8.IndexOf((byte)'%');
        if (percent >= 0)
            return Number(table, wanted.Utf8, percent, out name);
        return table.TryFind(wanted, out _) ? RtnlResult.Error(Errno.EEXIST) : RtnlResult.Ok;
    }

    /// <summary>The lowest number that is free; the template has one %d and no other percent sign.</summary>
    private static RtnlResult Number(LinkTable table, ReadOnlySpan<byte> template, int percent, out InterfaceName name)
    {
        name = default;
        ReadOnlySpan<byte> rest = template[(percent + 1)..];
        if (!rest.StartsWith("d"u8) || rest.Contains((byte)'%'))
            return RtnlResult.Error(Errno.EINVAL);
        Span<byte> buffer = stackalloc byte[InterfaceName.Size + 8];
        for (int number = 0; number < MaxNumber; number++)
        {
            template[..percent].CopyTo(buffer);
            number.TryFormat(buffer[percent..], out int digits);
            rest[1..].CopyTo(buffer[(percent + digits)..]);
            int length = percent + digits + rest.Length - 1;
            if (InterfaceName.TryCreate(buffer[..length], out name) && !table.TryFind(name, out _))
                return RtnlResult.Ok;
        }
        return RtnlResult.Error(Errno.ENFILE);
    }

    /// <summary>"kind%d", the template of a link for which no name was given.</summary>
    public static InterfaceName TemplateOf(LinkKind kind)
    {
        ReadOnlySpan<byte> kindName = kind.WireName.Utf8;
        Span<byte> template = stackalloc byte[InterfaceName.Size + 2];
        kindName = kindName[..Math.Min(kindName.Length, InterfaceName.Size - 3)];
        kindName.CopyTo(template);
        "%d"u8.CopyTo(template[kindName.Length..]);
        InterfaceName.TryCreate(template[..(kindName.Length + 2)], out InterfaceName name);
        return name;
    }
}
