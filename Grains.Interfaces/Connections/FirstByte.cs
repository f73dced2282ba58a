using System.IO.Pipelines;

namespace NovaOrleans.Connections;

/// <summary>Notes whether the other side ever said anything.</summary>
internal sealed class FirstByte(PipeReader inner) : PassingReader(inner)
{
    public bool Came { get; private set; }

    protected override ReadResult Look(ReadResult read)
    {
        Came |= !read.Buffer.IsEmpty;
        return read;
    }
}
