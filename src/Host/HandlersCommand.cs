using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary><c>rtnl handlers</c>: the dispatch table.</summary>
internal static class HandlersCommand
{
    private const string Resolving = "names the namespaces it needs before it locks them";

    // Narrower, and what blocks a weaker word is listed below the table.
    private const int WideEnough = 150;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var markdown = new Option<bool>("--markdown") { Description = "As a table in Markdown." };
        var order = new Option<bool>("--order") { Description = "The declared order of the locks, as a tree, instead of the handlers." };
        var command = new Command("handlers", "Lists the handlers by family, message and lock word.") { json, markdown, order };
        command.SetAction(result =>
        {
            using IHost host = RtnlHost.Build(RtnlMode.PerNet, socketPath: null);
            HandlerTable table = host.Services.GetRequiredService<HandlerTable>();
            if (result.GetValue(order))
                AnsiConsole.Write(LockOrderTree.Render(table.LockOrder));
            else if (result.GetValue(json))
                WriteJson(table);
            else if (result.GetValue(markdown))
                WriteMarkdown(table);
            else
                Write(table);
            return 0;
        });
        return command;
    }

    private static void Write(HandlerTable table)
    {
        bool isWide = AnsiConsole.Profile.Width >= WideEnough;
        AnsiConsole.Write(Render(table, withBlockers: isWide));
        if (isWide)
            return;
        AnsiConsole.WriteLine();
        foreach (HandlerInfo info in InOrder(table).Where(info => Blocker(info.Audit).Length > 0))
            AnsiConsole.MarkupLineInterpolated($"[bold]{info.Method}[/] blocked by {Blocker(info.Audit)}");
    }

    /// <summary>The table as people read it, with the progress of the conversion below.</summary>
    public static Table Render(HandlerTable table, bool withBlockers = false)
    {
        var rendered = new Table().Border(TableBorder.Horizontal).Caption(Progress(table));
        foreach (string column in (string[])["Family", "Message", "Kind", "Lock", "Weakest", "Handler"])
            rendered.AddColumn(new TableColumn(column).NoWrap().Padding(0, 0));
        if (withBlockers)
            rendered.AddColumn(new TableColumn("Blocked by").Padding(0, 0));
        foreach (HandlerInfo info in InOrder(table))
        {
            string[] cells =
            [
                Markup.Escape(info.Family.ToString()),
                Markup.Escape(info.Type.ToString()),
                info.IsDump ? "dumpit" : "doit",
                $"[{Colour(info.Lock)}]{info.Lock}[/]{(info.NamesNets ? "+" : "")}" + (info.Fallback is { } fallback ? $", then {fallback}" : ""),
                Weakest(info),
                Markup.Escape(info.Method),
            ];
            rendered.AddRow(withBlockers ? [.. cells, Markup.Escape(Blocker(info.Audit))] : cells);
        }
        return rendered;
    }

    private static IOrderedEnumerable<HandlerInfo> InOrder(HandlerTable table) =>
        table.Handlers.OrderByDescending(info => info.Lock).ThenBy(info => info.Type).ThenBy(info => info.Family);

    /// <summary>The weakest word that would do, marked where it is not the handler's own, or where that is not proven.</summary>
    private static string Weakest(HandlerInfo info) => info.Audit switch
    {
        null => "?",
        { Verdict: LockVerdict.Refused } => "[red]refused[/]",
        { Verdict: LockVerdict.Unknown } audit => $"[yellow]{audit.Weakest}?[/]",
        { } audit when audit.Weakest != (info.Fallback ?? info.Lock) => $"[bold]{audit.Weakest}[/]",
        { } audit => $"{audit.Weakest}",
    };

    private static string Blocker(HandlerAudit? audit) => audit switch
    {
        { Unknown: [var first, ..] } => $"not followed: {first}",
        { BlockedBy: { } blocker } => blocker,
        _ => "",
    };

    private static string Progress(HandlerTable table)
    {
        int doits = table.Handlers.Count(info => !info.IsDump);
        int dumpits = table.Handlers.Count - doits;
        int convertedDoits = table.Handlers.Count(info => !info.IsDump && info.Lock != RtnlLock.Rtnl);
        int convertedDumpits = table.Handlers.Count(info => info.IsDump && info.Lock != RtnlLock.Rtnl);
        return $"+ {Resolving}\n"
            + $"{convertedDoits} of {doits} doits and {convertedDumpits} of {dumpits} dumpits do without the whole of RTNL\n"
            + Shares(table);
    }

    private static string Shares(HandlerTable table)
    {
        int Count(LockVerdict verdict) => table.Handlers.Count(info => info.Audit?.Verdict == verdict);
        int escapes = table.Handlers.Sum(info => info.Audit?.Escapes ?? 0);
        return $"proven {Count(LockVerdict.Proven)}, refused {Count(LockVerdict.Refused)}, unknown {Count(LockVerdict.Unknown)}, escapes {escapes}";
    }

    private static void WriteMarkdown(HandlerTable table)
    {
        TextWriter output = AnsiConsole.Profile.Out.Writer;
        output.WriteLine("| family | message | kind | lock | weakest | verdict | handler | what keeps it from a weaker word |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (HandlerInfo info in InOrder(table))
        {
            string word = $"{info.Lock}{(info.NamesNets ? "+" : "")}" + (info.Fallback is { } fallback ? $", then {fallback}" : "");
            string blocker = Blocker(info.Audit) is { Length: > 0 } path ? $"`{path}`" : "";
            output.WriteLine($"| {info.Family} | {info.Type} | {(info.IsDump ? "dumpit" : "doit")} | {word} | {info.Audit?.Weakest.ToString() ?? "?"} | {info.Audit?.Verdict.ToString() ?? "?"} | {info.Method} | {blocker} |");
        }
        output.WriteLine();
        foreach (string line in Progress(table).Split('\n'))
            output.WriteLine(line.StartsWith('+') ? $"`+` {line[2..]}.\n" : line);
    }

    private static string Colour(RtnlLock word) => word switch
    {
        RtnlLock.Unlocked => "green",
        RtnlLock.PerNet => "aqua",
        _ => "yellow",
    };

    private static void WriteJson(HandlerTable table)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (HandlerInfo info in table.Handlers)
        {
            writer.WriteStartObject();
            writer.WriteString("family", info.Family.ToString());
            writer.WriteNumber("familyNumber", (int)info.Family);
            writer.WriteString("message", info.Type.ToString());
            writer.WriteNumber("messageNumber", (int)info.Type);
            writer.WriteString("operation", info.IsDump ? "dumpit" : "doit");
            writer.WriteString("lock", info.Lock.ToString());
            writer.WriteString("fallback", info.Fallback?.ToString());
            writer.WriteString("weakest", info.Audit?.Weakest.ToString());
            writer.WriteString("verdict", info.Audit?.Verdict.ToString());
            writer.WriteString("blockedBy", info.Audit?.BlockedBy);
            writer.WriteNumber("escapes", info.Audit?.Escapes ?? 0);
            writer.WriteBoolean("severalNets", info.NamesNets);
            writer.WriteString("handler", info.Method);
            writer.WriteString("module", info.Module);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }
}
