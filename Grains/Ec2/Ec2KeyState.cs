namespace NovaOrleans.Ec2;

/// <summary>What is kept of an EC2 key, as grain state named "ec2-key".</summary>
[GenerateSerializer, Alias("nova.grains.Ec2KeyState")]
public sealed class Ec2KeyState
{
    /// <summary>As it is and not as a hash: an HMAC can only be computed with it. Null when deleted.</summary>
    [Id(0)]
    public string? Secret { get; set; }

    [Id(1)]
    public string? Project { get; set; }

    /// <summary>None on a key of before there were roles, which is a member's.</summary>
    [Id(2)]
    public Role Role { get; set; }
}
