namespace NovaOrleans.Vocabulary;

/// <summary>
/// A network service's module path, as in <c>nova.network.vlan</c>: 2 to 8 dotted words of <c>a-z 0-9 _</c>
/// (seed S31 to S33, S51). Its last word is the short name that URLs and commands use.
/// </summary>
[GenerateSerializer(IncludePrimaryConstructorParameters = false), Immutable, Alias("nova.ServicePath")]
public readonly record struct ServicePath
{
    [Id(0)]
    private readonly string? _value;

    private ServicePath(string value) => _value = value;

    public const string Accepts = "a module path of lower-case words joined by dots, as in acme.network.blue";

    public string Value => _value ?? "";
    public string ShortName => Value[(Value.LastIndexOf('.') + 1)..];

    public static bool TryParse(string? text, out ServicePath path)
    {
        path = default;
        if (string.IsNullOrEmpty(text) || text.Length > 128)
        {
            return false;
        }

        string[] words = text.Split('.');
        bool good = words.Length is >= 2 and <= 8
            && words.All(w => w.Length > 0 && char.IsAsciiLetterLower(w[0])
                && w.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'));
        path = good ? new ServicePath(text) : default;
        return good;
    }

    public static ServicePath Parse(string text) =>
        TryParse(text, out ServicePath path) ? path : throw new FormatException($"'{text}' is not {Accepts}");

    public override string ToString() => Value;
}
