using System.Globalization;

namespace NovaOrleans.Tokens;

/// <summary>Until when a token lives: so long from now, or a day or time in UTC.</summary>
public static class TokenExpiry
{
    public const int LongestDays = 366;
    public const int UsualDays = 30;

    public const string Accepts =
        "30d, 12h, 90m, a date or a time in UTC as 2027-01-31T12:00:00Z, in the future and at most 366 days ahead";

    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"];

    public static bool TryParse(string? text, DateTimeOffset now, out DateTimeOffset end)
    {
        end = default;
        if (string.IsNullOrEmpty(text) || !(TrySpan(text, now, ref end) || DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out end)))
        {
            return false;
        }

        return end > now && end <= now.AddDays(LongestDays);
    }

    private static bool TrySpan(string text, DateTimeOffset now, ref DateTimeOffset end)
    {
        // Six digits of minutes are more than the longest life.
        if (text.Length > 7 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n))
        {
            return false;
        }

        TimeSpan? span = text[^1] switch
        {
            'd' => TimeSpan.FromDays(n),
            'h' => TimeSpan.FromHours(n),
            'm' => TimeSpan.FromMinutes(n),
            _ => null,
        };
        end = now + (span ?? TimeSpan.Zero);
        return span is not null;
    }
}
