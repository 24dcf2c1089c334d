using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary><c>rtnl explain</c>: one message's handlers, as the compiler saw them.</summary>
internal static class ExplainCommand
{
    private static readonly string[] s_familyPrefixes = ["", "AF_", "PF_", "RTNL_FAMILY_"];

    public static Command Create()
    {
        var family = new Argument<ProtocolFamily>("FAMILY")
        {
            Description = "The protocol family: inet, inet6, unspec …, AF_INET, or its number.",
            CustomParser = ParseFamily,
            HelpName = "FAMILY",
        };
        family.CompletionSources.Clear();
        family.CompletionSources.Add(static _ => Table(table => table.Handlers.Select(info => NameOf(info.Family)).Distinct()));
        var message = new Argument<RtmType>("MESSAGE")
        {
            Description = "The message type: RTM_NEWADDR, newaddr, or its number.",
            CustomParser = ParseMessage,
            HelpName = "MESSAGE",
        };
        message.CompletionSources.Clear();
        message.CompletionSources.Add(static _ => Table(table => table.Handlers.Select(info => info.Type.ToString()).Distinct()));
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var command = new Command("explain", "Explains one message's handlers: attribute, phases, locks, what they touch, verdict, generated thunk.") { family, message, json };
        command.SetAction(result =>
        {
            using IHost host = RtnlHost.Build(RtnlMode.PerNet, socketPath: null);
            HandlerTable table = host.Services.GetRequiredService<HandlerTable>();
            return Explain(table, result.GetValue(family), result.GetValue(message), result.GetValue(json));
        });
        return command;
    }

    private static int Explain(HandlerTable table, ProtocolFamily family, RtmType type, bool asJson)
    {
        HandlerInfo[] found = [.. table.Handlers.Where(info => info.Type == type && info.Family == family)];
        // As the dispatcher does, for each direction apart.
        foreach (bool isDump in new[] { false, true })
        {
            if (!found.Any(info => info.IsDump == isDump))
                found = [.. found, .. table.Handlers.Where(info => info.Type == type && info.Family == ProtocolFamily.PF_UNSPEC && info.IsDump == isDump)];
        }
        if (found.Length == 0)
        {
            Console.Error.WriteLine($"Nothing handles {type} of {NameOf(family)}; a client is answered EOPNOTSUPP. `rtnl handlers` lists what there is.");
            return 1;
        }
        if (asJson)
        {
            WriteJson(found);
            return 0;
        }
        for (int i = 0; i < found.Length; i++)
        {
            if (i > 0)
                Line();
            Write(found[i], family);
        }
        return 0;
    }

    private static void Write(HandlerInfo info, ProtocolFamily asked)
    {
        HandlerExplanation? explanation = info.Audit?.Explain?.Invoke();
        string operation = info.IsDump ? "dumpit" : "doit";
        AnsiConsole.MarkupLineInterpolated($"[bold]{info.Type}[/] ({NameOf(info.Family)}), {operation}: [bold]{info.Method}[/] of {info.Module}");
        if (info.Family != asked)
            Line($"  {NameOf(asked)} has no {operation} of its own: PF_UNSPEC's serves it.");
        if (explanation is not null)
            Line($"  {explanation.Attribute}   {explanation.Place}");
        Heading("Phases");
        foreach ((string phase, string text) in Phases(info, explanation))
            Line($"  {phase,-8} {text}");
        Heading("Locks, in the order in which they are taken");
        foreach ((string mode, string text) in Locks(info, explanation))
            Line($"  {mode,-8} {text}");
        Heading("May touch");
        Line($"  {MayTouch(info)}");
        WriteTouches(explanation);
        Heading("Verdict");
        foreach (string line in Verdict(info))
            Line($"  {line}");
        if (explanation is null)
            return;
        Heading("Generated thunk");
        foreach (string line in explanation.Thunk.Split('\n'))
            Line(line.Length == 0 ? "" : $"  {line}");
    }

    private static void WriteTouches(HandlerExplanation? explanation)
    {
        if (explanation is null)
            return;
        if (explanation.Touches.Count == 0)
        {
            Line("  It reaches nothing that a lock covers.");
            return;
        }
        Line("  It reaches, of what locks cover (by the shortest path):");
        int width = explanation.Touches.Max(touch => touch.Member.Length);
        foreach (HandlerTouch touch in explanation.Touches)
            Line($"    {touch.Kind.ToString().ToLowerInvariant(),-6} {touch.Member.PadRight(width)} {touch.Lock,-6} {touch.Path}");
    }

    private static IEnumerable<(string Phase, string Text)> Phases(HandlerInfo info, HandlerExplanation? explanation)
    {
        string message = explanation is null ? "the message" : explanation.Message;
        string resolve = $"nothing is held; {message} is parsed, its policy checked";
        if (info.IsDump)
        {
            yield return ("Resolve", resolve);
            yield return ("Apply", info.Lock == RtnlLock.Unlocked
                ? "the dump walks one snapshot, chunk by chunk"
                : $"each chunk is filled under {info.Lock}, which is never held across chunks");
            yield return ("After", "nothing is held; each chunk is sent, NLMSG_DONE at the end" + (info.SplitDone ? " in a datagram of its own" : ""));
            yield break;
        }
        if (explanation is { Resolve: { } method })
            resolve += explanation.NamesNets ? $"; {method} finds what it is about and names the namespaces" : $"; {method} finds what it is about";
        yield return ("Resolve", resolve);
        string apply = info.Lock switch
        {
            RtnlLock.Rtnl => "under the whole of RTNL",
            RtnlLock.PerNet when explanation is { NamesNets: true } => "under the RTNL of every namespace named; what Resolve found is looked at again first",
            RtnlLock.PerNet when info.Resolves => "under the namespace's RTNL; what Resolve found is looked at again first",
            RtnlLock.PerNet => "under the namespace's RTNL",
            _ => "nothing is held; it reads one snapshot",
        };
        if (info.Fallback is { } fallback)
            apply += $"; where it says NeedsLock, again from the start under {fallback}";
        yield return ("Apply", $"{apply}; what it stages becomes visible at once if it succeeds, and not at all if it fails");
        yield return ("After", "nothing is held; notifications, then what it deferred or posted, then the answer");
    }

    private static IEnumerable<(string Mode, string Text)> Locks(HandlerInfo info, HandlerExplanation? explanation)
    {
        RtnlLock word = info.Fallback ?? info.Lock;
        string prefix = info.Fallback is null ? "" : "none, then ";
        string nets = explanation is { NamesNets: true } ? "the mutexes of its namespaces (the initial one first, then by ascending id)" : "the namespace's mutex";
        (string perNet, string nested, string big) = word switch
        {
            RtnlLock.Rtnl => ("RTNL, exclusive", "RTNL, exclusive", "RTNL, exclusive"),
            RtnlLock.PerNet => ($"{nets}; RTNL, shared", $"RTNL, exclusive; {nets}", "RTNL, exclusive"),
            _ => ("none: a snapshot", "none: a snapshot", "none: a snapshot"),
        };
        yield return (nameof(RtnlMode.PerNet), prefix + perNet);
        yield return (nameof(RtnlMode.Nested), prefix + nested);
        yield return (nameof(RtnlMode.BigLock), prefix + big);
    }

    private static string MayTouch(HandlerInfo info) => (info.Fallback ?? info.Lock) switch
    {
        RtnlLock.Rtnl => "Everything, of every namespace.",
        RtnlLock.PerNet when info.Resolves => "What PerNet guards, of the namespaces that are locked; what Rtnl guards it may read. What the Resolve method did not name is RTNL105.",
        RtnlLock.PerNet => "What PerNet guards, of its own namespace; what Rtnl guards it may read.",
        _ => "Its snapshot, what has a lock of its own, and Rcu<T> to read. It stages nothing.",
    };

    private static IEnumerable<string> Verdict(HandlerInfo info)
    {
        if (info.Audit is not { } audit)
        {
            yield return "Unknown: its assembly was built without the audit.";
            yield break;
        }
        RtnlLock word = info.Fallback ?? info.Lock;
        string escapes = audit.Escapes switch
        {
            0 => "",
            1 => ", through one escape",
            int count => $", through {count} escapes",
        };
        yield return audit.Verdict switch
        {
            LockVerdict.Proven => $"Proven: {word} suffices; every call was followed.",
            LockVerdict.Refused => $"Refused: {word} does not suffice; the build says where.",
            _ => $"Unknown: whether {word} suffices{escapes}.",
        };
        yield return audit.Weakest == word ? $"Weakest word that suffices: {word}, its own." : $"Weakest word that suffices: {audit.Weakest} (RTNL110).";
        if (audit.BlockedBy is { } blocker)
            yield return $"What keeps it from a weaker one: {blocker}";
        foreach (string unknown in audit.Unknown)
            yield return $"Not followed: {unknown}";
    }

    private static void WriteJson(HandlerInfo[] found)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartArray();
        foreach (HandlerInfo info in found)
        {
            HandlerExplanation? explanation = info.Audit?.Explain?.Invoke();
            writer.WriteStartObject();
            writer.WriteString("family", NameOf(info.Family));
            writer.WriteString("message", info.Type.ToString());
            writer.WriteString("operation", info.IsDump ? "dumpit" : "doit");
            writer.WriteString("handler", info.Method);
            writer.WriteString("attribute", explanation?.Attribute);
            writer.WriteString("place", explanation?.Place);
            writer.WriteString("lock", info.Lock.ToString());
            writer.WriteString("fallback", info.Fallback?.ToString());
            writer.WriteString("verdict", info.Audit?.Verdict.ToString());
            writer.WriteString("weakest", info.Audit?.Weakest.ToString());
            writer.WriteString("blockedBy", info.Audit?.BlockedBy);
            writer.WriteStartArray("notFollowed");
            foreach (string unknown in info.Audit?.Unknown ?? [])
                writer.WriteStringValue(unknown);
            writer.WriteEndArray();
            writer.WriteNumber("escapes", info.Audit?.Escapes ?? 0);
            WritePairs(writer, "phases", Phases(info, explanation));
            WritePairs(writer, "locks", Locks(info, explanation));
            writer.WriteStartArray("touches");
            foreach (HandlerTouch touch in explanation?.Touches ?? [])
            {
                writer.WriteStartObject();
                writer.WriteString("kind", touch.Kind.ToString());
                writer.WriteString("member", touch.Member);
                writer.WriteString("lock", touch.Lock);
                writer.WriteString("path", touch.Path);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteString("thunk", explanation?.Thunk);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WritePairs(Utf8JsonWriter writer, string name, IEnumerable<(string Name, string Text)> pairs)
    {
        writer.WriteStartObject(name);
        foreach ((string key, string text) in pairs)
            writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(key), text);
        writer.WriteEndObject();
    }

    private static void Heading(string text)
    {
        Line();
        AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
    }

    // Paths and code are read as they are: no folding at the terminal's edge.
    private static void Line(string text = "") => AnsiConsole.Profile.Out.Writer.WriteLine(text);

    private static string NameOf(ProtocolFamily family) => family == ProtocolFamily.PF_UNSPEC ? nameof(ProtocolFamily.PF_UNSPEC) : family.ToString();

    private static ProtocolFamily ParseFamily(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number) && number <= (byte)ProtocolFamily.RTNL_FAMILY_MAX)
            return (ProtocolFamily)number;
        foreach (string prefix in s_familyPrefixes)
        {
            if (Enum.TryParse(prefix + text, ignoreCase: true, out ProtocolFamily family) && !char.IsAsciiDigit(text[0]))
                return family;
        }
        result.AddError($"'{text}' is no protocol family: inet, inet6, bridge, mpls, packet, unspec, or a number up to {(int)ProtocolFamily.RTNL_FAMILY_MAX}.");
        return default;
    }

    private static RtmType ParseMessage(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
            return (RtmType)number;
        string name = text.StartsWith("RTM_", StringComparison.OrdinalIgnoreCase) ? text : "RTM_" + text;
        if (Enum.TryParse(name, ignoreCase: true, out RtmType type))
            return type;
        result.AddError($"'{text}' is no message type: RTM_NEWADDR, newaddr …, or its number.");
        return default;
    }

    private static IEnumerable<string> Table(Func<HandlerTable, IEnumerable<string>> names)
    {
        using IHost host = RtnlHost.Build(RtnlMode.PerNet, socketPath: null);
        return [.. names(host.Services.GetRequiredService<HandlerTable>())];
    }
}
