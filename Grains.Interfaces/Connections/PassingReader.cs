using System.Buffers;
using System.IO.Pipelines;

namespace NovaOrleans.Connections;

/// <summary>Passes on what another reader reads, without a copy, after having looked at it.</summary>
public abstract class PassingReader(PipeReader inner) : PipeReader
{
    private ReadOnlySequence<byte> _last;

    public override bool TryRead(out ReadResult result)
    {
        bool read = inner.TryRead(out result);
        if (read)
        {
            result = Seen(result);
        }

        return read;
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Seen(await inner.ReadAsync(cancellationToken));

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Passed(_last.Slice(_last.Start, consumed).Length);
        inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <summary>Everything that was not passed yet; what is given back is what the reader behind gets.</summary>
    protected abstract ReadResult Look(ReadResult read);

    /// <summary>So many bytes will not be seen again.</summary>
    protected virtual void Passed(long bytes)
    {
    }

    private ReadResult Seen(ReadResult read)
    {
        _last = read.Buffer;
        return Look(read);
    }
}
