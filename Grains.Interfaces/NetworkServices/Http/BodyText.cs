namespace NovaOrleans.Http;

/// <summary>Text that came from outside, made fit for a sentence.</summary>
public static class BodyText
{
    /// <summary>Short, and without anything that could break a line, a terminal or an encoding.</summary>
    public static string Shown(string text, int longest = 64)
    {
        string clean = string.Create(Math.Min(text.Length, longest), text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
        return text.Length > longest ? clean + "…" : clean;
    }
}
