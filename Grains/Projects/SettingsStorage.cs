namespace NovaOrleans.Projects;

/// <summary>The storage provider of settings. The AdoNet provider keys rows by state name, so those must be unique too.</summary>
public static class SettingsStorage
{
    public const string Name = "settings";
}
