using System.IO.Pipelines;

namespace NovaOrleans.Connections;

/// <summary>A connection's two directions, where one of them was given another end.</summary>
public sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
