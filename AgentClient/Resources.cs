namespace NovaOrleans.Agent;

/// <summary>Texts that are part of the program: rules, and what a guest runs at boot.</summary>
internal static class Resources
{
    public static string Read(string name)
    {
        using Stream stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the program was built without {name}");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
