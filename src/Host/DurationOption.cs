using System.CommandLine;
using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>Durations on the command line: 1ms, 20us, 1.5s.</summary>
internal static class DurationOption
{
    private static readonly (string Unit, double Seconds)[] s_units = [("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1)];

    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="unit">What it must be a multiple of.</param>
    public static Option<TimeSpan> Create(string name, string description, TimeSpan unit) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (TryParse(text, out TimeSpan time) && time.Ticks % unit.Ticks == 0)
                return time;
            result.AddError($"{name} {text}: a time such as 1ms, 20us or 1s, in steps of {Text(unit)}.");
            return TimeSpan.Zero;
        },
    };

    /// <summary>As the command line takes it.</summary>
    public static string Text(TimeSpan time)
    {
        (string unit, double seconds) = s_units.Last(unit => time.TotalSeconds >= unit.Seconds || unit.Seconds == 1e-6);
        return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds / seconds:0.###}{(unit == "µs" ? "us" : unit)}");
    }

    private static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        foreach ((string unit, double seconds) in s_units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)
                || !double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                continue;
            }
            if (number * seconds > 3600)
                return false;
            time = TimeSpan.FromMicroseconds(Math.Round(number * seconds * 1e6));
            return true;
        }
        return false;
    }
}
