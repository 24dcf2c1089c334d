using System.Text;

namespace SmallRtnl.Generators;

/// <summary>Writes indented C# with line feeds, whatever the machine's own line end is.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder _text = new();
    private int _indentation;

    /// <summary>An empty line.</summary>
    public void Line() => _text.Append('\n');

    /// <summary>One line at the present indentation.</summary>
    public void Line(string text) => _text.Append(' ', 4 * _indentation).Append(text).Append('\n');

    /// <summary>One line, one level deeper.</summary>
    public void Inner(string text)
    {
        _indentation++;
        Line(text);
        _indentation--;
    }

    /// <summary>A brace, and one level deeper until <see cref="Close"/>.</summary>
    public void Open()
    {
        Line("{");
        _indentation++;
    }

    /// <summary>A line, a brace, and one level deeper until <see cref="Close"/>.</summary>
    public void Open(string line)
    {
        Line(line);
        Open();
    }

    /// <summary>Ends what <see cref="Open()"/> began.</summary>
    public void Close(string after = "")
    {
        _indentation--;
        Line("}" + after);
    }

    public void Indent() => _indentation++;

    public void Outdent() => _indentation--;

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
