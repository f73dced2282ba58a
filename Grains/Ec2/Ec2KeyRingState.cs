namespace NovaOrleans.Ec2;

/// <summary>The access keys of a project, as grain state named "ec2-key-ring". Their secrets are with each key.</summary>
[GenerateSerializer, Alias("nova.grains.Ec2KeyRingState")]
public sealed class Ec2KeyRingState
{
    [Id(0)]
    public List<Entry> Keys { get; set; } = [];

    /// <summary>One key, and the request that made it.</summary>
    [GenerateSerializer, Alias("nova.grains.Ec2KeyRingState.Entry")]
    public sealed class Entry
    {
        [Id(0)]
        public string AccessKey { get; set; } = "";

        [Id(1)]
        public DateTimeOffset CreatedAt { get; set; }

        [Id(2)]
        public string? RequestKey { get; set; }

        [Id(3)]
        public string? RequestHash { get; set; }

        [Id(4)]
        public Role Role { get; set; }
    }
}
