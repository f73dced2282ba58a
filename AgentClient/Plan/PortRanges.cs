namespace NovaOrleans.Agent;

/// <summary>
/// Ranges of ports, each with something that it lets in, as ranges that do not overlap: nft's interval sets take no other. Ports
/// are one line from 0 to 65535; so are ICMP's types and codes, a type's codes side by side. Pure.
/// </summary>
internal static class PortRanges
{
    public const int Last = 65535;

    /// <summary>One rule's range, both ends in it.</summary>
    public readonly record struct Part<T>(int From, int To, T Content);

    /// <summary>The line cut at every border: ranges in order, each with all that covers it.</summary>
    public static IEnumerable<Part<IReadOnlyList<T>>> Cut<T>(IReadOnlyList<Part<T>> parts)
    {
        int[] borders = [.. parts.SelectMany(p => new[] { p.From, p.To + 1 }).Distinct().Order()];
        for (int i = 0; i + 1 < borders.Length; i++)
        {
            T[] covering = [.. parts.Where(p => p.From <= borders[i] && borders[i] <= p.To).Select(p => p.Content).Distinct()];
            if (covering.Length > 0)
            {
                yield return new(borders[i], borders[i + 1] - 1, covering);
            }
        }
    }

    /// <summary>Neighbours of equal content as one range.</summary>
    public static IEnumerable<Part<T>> Merge<T>(IEnumerable<Part<T>> parts)
        where T : IEquatable<T>
    {
        Part<T>? open = null;
        foreach (Part<T> part in parts.OrderBy(p => p.From))
        {
            if (open is { } before && before.To + 1 == part.From && before.Content.Equals(part.Content))
            {
                open = before with { To = part.To };
                continue;
            }

            if (open is { } done)
            {
                yield return done;
            }

            open = part;
        }

        if (open is { } last)
        {
            yield return last;
        }
    }

    /// <summary>A range of the line of types and codes as <c>type . code</c>, whole types together where they can be.</summary>
    public static IEnumerable<string> TypesAndCodes(int from, int to)
    {
        (int type, int code) = (from >> 8, from & 255);
        (int lastType, int lastCode) = (to >> 8, to & 255);
        if (type == lastType)
        {
            yield return $"{type} . {Text(code, lastCode)}";
            yield break;
        }

        if (code > 0)
        {
            yield return $"{type} . {Text(code, 255)}";
            type++;
        }

        int whole = lastCode == 255 ? lastType : lastType - 1;
        if (type <= whole)
        {
            yield return $"{Text(type, whole)} . 0-255";
        }

        if (lastCode < 255)
        {
            yield return $"{lastType} . {Text(0, lastCode)}";
        }
    }

    public static string Text(int from, int to) => from == to
        ? from.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{from}-{to}");
}
