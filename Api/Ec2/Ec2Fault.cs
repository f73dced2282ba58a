namespace NovaOrleans.Api.Ec2;

/// <summary>A refusal in EC2's words: its code, one sentence, and the HTTP status.</summary>
internal sealed record Ec2Fault(string Code, string Message, int Status = 400)
{
    /// <summary>Further faults of the same request; they are told with it.</summary>
    public IReadOnlyList<Ec2Fault> More { get; init; } = [];

    public static Ec2Fault Missing(string parameter) =>
        new("MissingParameter", $"Parameter '{parameter}' is missing.");

    public static Ec2Fault Invalid(string parameter, string given, string accepts) =>
        new("InvalidParameterValue", $"Parameter '{parameter}' was '{BodyText.Shown(given)}'; accepted is {accepts}.");

    public static Ec2Fault Unsupported(string sentence) => new("UnsupportedOperation", sentence);

    /// <summary>
    /// The only place where a refusal's code becomes one of EC2's. Its clients know a fault by its code, so that what is missing
    /// is named by kind where the refusal is about something that the request named.
    /// </summary>
    public static Ec2Fault Of(Refusal refusal)
    {
        (string code, int status) = refusal.Code switch
        {
            RefusalCode.InstanceNotFound => ("InvalidInstanceID.NotFound", 400),
            RefusalCode.FloatingIpNotFound => ("InvalidAddress.NotFound", 400),
            RefusalCode.FloatingIpInUse => ("InvalidIPAddress.InUse", 400),
            RefusalCode.NoMoreFloatingIps => ("InsufficientAddressCapacity", 400),
            RefusalCode.SecurityGroupNotFound => ("InvalidGroup.NotFound", 400),
            RefusalCode.SecurityRuleNotFound => ("InvalidPermission.NotFound", 400),
            RefusalCode.SecurityGroupInUse => ("InvalidGroup.InUse", 400),
            RefusalCode.ProjectNotFound => ("AuthFailure", 403),
            RefusalCode.Unauthorized or RefusalCode.Forbidden => ("UnauthorizedOperation", 403),
            RefusalCode.NoHostAvailable => ("InsufficientInstanceCapacity", 500),
            RefusalCode.NoMoreAddresses or RefusalCode.NoMoreNetworks => ("InsufficientFreeAddressesInSubnet", 400),
            RefusalCode.QuotaExceeded => ("ResourceLimitExceeded", 400),
            RefusalCode.KeyReused => ("IdempotentParameterMismatch", 400),
            RefusalCode.MalformedRequest => ("InvalidParameterValue", 400),
            RefusalCode.NotImplemented => ("UnsupportedOperation", 400),
            RefusalCode.TooLarge => ("RequestTooLarge", 413),
            RefusalCode.TooManyRequests => ("RequestLimitExceeded", 503),
            RefusalCode.ServiceUnavailable => ("Unavailable", 503),
            RefusalCode.NotFound => ("InvalidParameterValue", 400),
            _ => ("IncorrectState", 400),
        };
        return new Ec2Fault(code, refusal.Reason, status) { More = [.. refusal.More.Select(Of)] };
    }

    /// <summary>The refusal in another code of EC2's, where the operation has one of its own for it.</summary>
    public static Ec2Fault Of(Refusal refusal, params (RefusalCode When, string Code)[] own)
    {
        string? code = own.FirstOrDefault(o => o.When == refusal.Code).Code;
        return code is null ? Of(refusal) : Of(refusal) with { Code = code };
    }
}
