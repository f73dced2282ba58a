namespace NovaOrleans.Vnics;

/// <summary>The card as its grain remembers it; its ports are the pool's and are read when asked for.</summary>
public sealed class VnicState
{
    public VnicRows.Card? Card { get; set; }
}
