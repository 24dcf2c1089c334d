using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The arithmetic of rtnetlink's message types: NEW, DEL, GET, SET of one object follow each other.</summary>
internal static class RtmTypes
{
    public const int New = 0;
    public const int Delete = 1;
    public const int Get = 2;
    public const int Set = 3;

    /// <summary>How generated text names a type, an unnamed one too.</summary>
    public static string Text(ITypeSymbol rtmType, int value) =>
        KnownNames.EnumMember(rtmType, value) is { } name ? KnownNames.Global + "RtmType." + name : $"({KnownNames.Global}RtmType){value}";

    /// <summary>The operation that a method's name, or its prefix, says; null where it says none.</summary>
    public static int? OperationOf(string method)
    {
        foreach ((string prefix, int operation) in new[] { ("New", New), ("Delete", Delete), ("Del", Delete), ("Get", Get), ("Set", Set) })
        {
            if (method.StartsWith(prefix, StringComparison.Ordinal) && (method.Length == prefix.Length || !char.IsLower(method[prefix.Length])))
                return operation;
        }
        return null;
    }
}
