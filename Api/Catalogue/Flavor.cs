namespace NovaOrleans.Api.Catalogue;

/// <summary>A size of machine, as Compute API 1.1 shows it.</summary>
public sealed record Flavor(string Id, string Name, int MemoryMib, int Vcpus, int DiskGib);
