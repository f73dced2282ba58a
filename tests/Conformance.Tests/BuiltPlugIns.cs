using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Conformance;

/// <summary>Where this build put plug-ins.</summary>
internal static class BuiltPlugIns
{
    private static readonly string s_services = NetworkServiceLocations.Default(AppContext.BaseDirectory, "/nowhere").ServicesFolder;

    public static string BuiltIn(string path) => Path.Combine(s_services, path);

    /// <summary>The output of a project beside this one.</summary>
    public static string Output(string project) =>
        Path.Combine(s_services, "..", "bin", project, new DirectoryInfo(AppContext.BaseDirectory).Name);

    /// <summary>One of the deliberately broken ones, which are the same assembly under another name; and the right one.</summary>
    public static PlugIn Broken(string word) => PlugIn.In(Output("BrokenPlugins"), $"broken.network.{word}");
}
