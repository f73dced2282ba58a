using System.Globalization;
using NovaOrleans.Http;

namespace NovaOrleans.Ec2;

/// <summary>How many EC2 keys a project has, and what they are made of.</summary>
public static class Ec2KeyRingRules
{
    /// <summary>No letter that is taken for another: people type access keys.</summary>
    public const string AccessKeyLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public const int AccessKeyLength = 20;

    /// <summary>Nothing that a shell, a URL or a configuration file reads as something else.</summary>
    public const string SecretLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public const int SecretLength = 40;

    /// <summary>The key that the same request made before, null where there is room for a new one.</summary>
    public static Outcome<Ec2KeyRingState.Entry?> Place(Ec2KeyRingState state, ProjectId project, RequestKey? request)
    {
        if (request is not null && state.Keys.Find(k => k.RequestKey == request.Key) is { } before)
        {
            return before.RequestHash == request.BodyHash
                ? before
                : new Refusal(
                    RefusalCode.KeyReused, $"Idempotency-Key '{request.Key}' was used with another request.", before.AccessKey);
        }

        return state.Keys.Count < Ec2Key.MostOfProject
            ? (Ec2KeyRingState.Entry?)null
            : new Refusal(
                RefusalCode.QuotaExceeded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Project '{project}' has {state.Keys.Count} EC2 keys; at most {Ec2Key.MostOfProject} are kept, so delete one."),
                project.Value);
    }

    public static Outcome<Ec2KeyRingState.Entry> Find(Ec2KeyRingState state, ProjectId project, string accessKey) =>
        state.Keys.Find(k => k.AccessKey == accessKey) is { } entry
            ? entry
            : new Refusal(
                RefusalCode.NotFound, $"Project '{project}' has no EC2 key '{BodyText.Shown(accessKey)}'.", BodyText.Shown(accessKey));
}
