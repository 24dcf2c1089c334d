using System.Text;

namespace SmallRtnl.Generators;

/// <summary>Text inside documentation comments.</summary>
internal static class Xml
{
    /// <summary>What has a meaning in XML escaped; what would end the comment's line, or may not stand in XML, a space.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            switch (c)
            {
                case '&':
                    escaped.Append("&amp;");
                    break;
                case '<':
                    escaped.Append("&lt;");
                    break;
                case '>':
                    escaped.Append("&gt;");
                    break;
                default:
                    escaped.Append(char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufffe' or '\uffff' ? ' ' : c);
                    break;
            }
        }
        return escaped.ToString();
    }
}
