namespace NovaOrleans.Projects;

/// <summary>The storage provider of settings. The AdoNet provider keys rows by state name, so those must be unique too.</summary>
public static class SettingsStorage
{
    public const string Name = "settings";

    /// <summary>
    /// Writes the state. What could not be written must answer nobody: the activation ends, and the next one reads what was kept.
    /// </summary>
    /// <exception cref="OperatingFaultException">The storage did not take it; its own exception stays here.</exception>
    public static async Task Keep<T>(this IPersistentState<T> state, IGrainBase grain)
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception e)
        {
            grain.DeactivateOnIdle();
            throw new OperatingFaultException($"The state of {grain.GrainContext.GrainId} was not kept", mayRetry: true, e);
        }
    }
}
