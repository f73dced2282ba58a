using NovaOrleans.Projects;

namespace NovaOrleans.Ec2;

/// <summary>See <see cref="IEc2KeyGrain"/>. What is made and deleted is said by the key ring.</summary>
public sealed class Ec2KeyGrain([PersistentState("ec2-key", SettingsStorage.Name)] IPersistentState<Ec2KeyState> state)
    : Grain, IEc2KeyGrain
{
    public Task<Ec2Key?> Find()
    {
        if (state.State is { Secret: { } secret, Project: { } project })
        {
            return Task.FromResult<Ec2Key?>(new Ec2Key(this.GetPrimaryKeyString(), secret, ProjectId.Parse(project))
            {
                Given = state.State.Role,
            });
        }

        // Strangers may ask for keys that never were: none of them shall stay in memory.
        DeactivateOnIdle();
        return Task.FromResult<Ec2Key?>(null);
    }

    public async Task<Ec2Key> Keep(Ec2Key key)
    {
        if (await Find() is { } known)
        {
            return known;
        }

        (state.State.Secret, state.State.Project, state.State.Role) = (key.Secret, key.Project.Value, key.Given);
        await state.Keep(this);
        return key;
    }

    public async Task Forget()
    {
        (state.State.Secret, state.State.Project) = (null, null);
        await state.Keep(this);
        DeactivateOnIdle();
    }
}
