using System.Buffers;
using System.IO.Pipelines;
using NovaOrleans.Connections;

namespace NovaOrleans.Silo.Connections;

/// <summary>
/// What a client sends, frame by frame, before Orleans sees it: the preamble that names the client, then messages of
/// [header's length][body's length][header][body]. The first frame that is not the certificate's holder's own ends the connection.
/// </summary>
internal sealed class GatewayFrames(PipeReader inner, FrameCheck check, Action<string> refuse) : PassingReader(inner)
{
    private const int LongestPreamble = 1024;
    private const int Lengths = 8;

    /// <summary>How far, from the first byte that was not passed on yet, everything is looked at.</summary>
    private long _ahead;

    private bool _introduced;
    private bool _refused;

    protected override ReadResult Look(ReadResult read)
    {
        if (!_refused)
        {
            try
            {
                while (_ahead <= read.Buffer.Length && Next(read.Buffer.Slice(_ahead)))
                {
                }
            }
            catch (Exception e)
            {
                // Whatever is wrong with bytes from outside: the reader of them says it by all kinds of exceptions.
                _refused = true;
                refuse(e is FrameRefusedException ? e.Message : "it cannot be read as a message of Orleans'");
            }
        }

        // As if it had hung up: Orleans closes the connection without a word.
        return _refused ? new ReadResult(ReadOnlySequence<byte>.Empty, isCanceled: false, isCompleted: true) : read;
    }

    protected override void Passed(long bytes) => _ahead = Math.Max(0, _ahead - bytes);

    /// <summary>Whether there was a whole header to look at.</summary>
    private bool Next(ReadOnlySequence<byte> rest) => _introduced ? Message(rest) : Preamble(rest);

    private bool Preamble(ReadOnlySequence<byte> rest)
    {
        SequenceReader<byte> reader = new(rest);
        if (!reader.TryReadLittleEndian(out int length))
        {
            return false;
        }

        if (length is <= 0 or > LongestPreamble)
        {
            throw new FrameRefusedException("its first frame is no preamble");
        }

        if (reader.Remaining < length)
        {
            return false;
        }

        check.Preamble(rest.Slice(sizeof(int), length));
        _introduced = true;
        _ahead += sizeof(int) + length;
        return true;
    }

    private bool Message(ReadOnlySequence<byte> rest)
    {
        SequenceReader<byte> reader = new(rest);
        if (!reader.TryReadLittleEndian(out int header) || !reader.TryReadLittleEndian(out int body))
        {
            return false;
        }

        if (header <= 0 || body < 0)
        {
            throw new FrameRefusedException("a message has a length that cannot be");
        }

        // Orleans limits a header; its check sees the frame once it is whole.
        if (reader.Remaining < Math.Min(header, FrameCheck.LongestStart))
        {
            return false;
        }

        check.Header(rest.Slice(Lengths, Math.Min(header, FrameCheck.LongestStart)));
        _ahead += (long)Lengths + header + body;
        return true;
    }
}
