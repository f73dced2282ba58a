using System.Security.Cryptography;
using NovaOrleans.Projects;

namespace NovaOrleans.Ec2;

/// <summary>See <see cref="IEc2KeyRingGrain"/>.</summary>
public sealed partial class Ec2KeyRingGrain(
    [PersistentState("ec2-key-ring", SettingsStorage.Name)] IPersistentState<Ec2KeyRingState> state,
    TimeProvider time, ILogger<Ec2KeyRingGrain> logger)
    : Grain, IEc2KeyRingGrain
{
    private ProjectId Project => ProjectId.Parse(this.GetPrimaryKeyString());

    public Task<Outcome<Ec2Key>> Create(string actor, RequestKey? request) => CreateAs(Role.Member, actor, request);

    public async Task<Outcome<Ec2Key>> CreateAs(Role role, string actor, RequestKey? request)
    {
        if ((await GrainFactory.GetGrain<IProjectGrain>(Project.Value).Describe()).Refusal is { } unknown)
        {
            return unknown;
        }

        if (!Ec2KeyRingRules.Place(state.State, Project, request).Try(out Ec2KeyRingState.Entry? entry, out Refusal? refusal))
        {
            return refusal;
        }

        if (entry is null)
        {
            // Listed before it can sign: a crash in between leaves a key that does nothing, and not one that nobody sees.
            entry = new Ec2KeyRingState.Entry
            {
                AccessKey = RandomNumberGenerator.GetString(Ec2KeyRingRules.AccessKeyLetters, Ec2KeyRingRules.AccessKeyLength),
                CreatedAt = time.GetUtcNow(),
                RequestKey = request?.Key,
                RequestHash = request?.BodyHash,
                Role = role,
            };
            state.State.Keys.Add(entry);
            await state.Keep(this);
            LogCreated(Project, entry.AccessKey, actor);
        }

        string secret = RandomNumberGenerator.GetString(Ec2KeyRingRules.SecretLetters, Ec2KeyRingRules.SecretLength);
        return await Key(entry.AccessKey).Keep(new Ec2Key(entry.AccessKey, secret, Project) { Given = entry.Role });
    }

    public Task<IReadOnlyList<Ec2KeyView>> List() => Task.FromResult<IReadOnlyList<Ec2KeyView>>(
        [.. state.State.Keys.Select(k => new Ec2KeyView(k.AccessKey, k.CreatedAt)
        {
            Role = k.Role == Role.None ? Role.Member : k.Role,
        })]);

    public async Task<Ec2Key?> Newest() =>
        state.State.Keys is [.., { } newest] ? await Key(newest.AccessKey).Find() : null;

    public async Task<Outcome> Delete(string accessKey, string actor)
    {
        if (!Ec2KeyRingRules.Find(state.State, Project, accessKey).Try(out Ec2KeyRingState.Entry? entry, out Refusal? refusal))
        {
            return refusal;
        }

        await Key(accessKey).Forget();
        state.State.Keys.Remove(entry);
        await state.Keep(this);
        LogDeleted(Project, accessKey, actor);
        return Outcome.Done;
    }

    public async Task Clear(string actor)
    {
        foreach (Ec2KeyRingState.Entry entry in state.State.Keys.ToArray())
        {
            await Key(entry.AccessKey).Forget();
            LogDeleted(Project, entry.AccessKey, actor);
        }

        if (state.State.Keys.Count > 0)
        {
            state.State.Keys.Clear();
            await state.Keep(this);
        }
    }

    private IEc2KeyGrain Key(string accessKey) => GrainFactory.GetGrain<IEc2KeyGrain>(accessKey);
}
