namespace SmallRtnl.Generators;

/// <summary>Text inside documentation comments.</summary>
internal static class Xml
{
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
