using System.Buffers;
using System.Collections.Concurrent;

namespace NovaOrleans.Api.Requests;

/// <summary>
/// Sends an answer. It is written to a buffer first, so that it has a length, and so that a bug in the middle of a
/// resource becomes a clean 500 instead of half an answer; buffers and their writers are used again.
/// </summary>
internal sealed class AnswerWriter
{
    private const int LargestKept = 1 << 18;
    private const int MostKept = 256;

    private readonly ConcurrentBag<AnswerBuffer> _free = [];

    public async Task Send(HttpContext context, int status, Action<ResourceWriter>? write)
    {
        HttpResponse response = context.Response;
        if (write is null)
        {
            response.StatusCode = status;
            if (status != StatusCodes.Status204NoContent)
            {
                response.ContentLength = 0;
            }

            return;
        }

        BodyFormat format = Formats.OfAnswer(context);
        AnswerBuffer buffer = _free.TryTake(out AnswerBuffer? kept) ? kept : new AnswerBuffer();
        ReadOnlyMemory<byte> bytes = format == BodyFormat.Json ? buffer.Json(write) : Xml(write);
        response.StatusCode = status;
        response.ContentType = format == BodyFormat.Json ? Formats.Json : Formats.Xml;
        response.ContentLength = bytes.Length;
        await response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        Keep(buffer);
    }

    /// <summary>One whose request failed on the way never comes here and is left to the collector.</summary>
    private void Keep(AnswerBuffer buffer)
    {
        if (buffer.Capacity <= LargestKept && _free.Count < MostKept)
        {
            _free.Add(buffer);
        }
        else
        {
            buffer.Dispose();
        }
    }

    private static ReadOnlyMemory<byte> Xml(Action<ResourceWriter> write)
    {
        var writer = new XmlResourceWriter();
        write(writer);
        using var bytes = new MemoryStream();
        writer.Complete(bytes);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }

    /// <summary>A buffer and the JSON writer over it.</summary>
    private sealed class AnswerBuffer : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _bytes = new(1024);
        private readonly JsonResourceWriter _writer;

        public AnswerBuffer() => _writer = new JsonResourceWriter(_bytes);

        public int Capacity => _bytes.Capacity;

        public void Dispose() => _writer.Dispose();

        public ReadOnlyMemory<byte> Json(Action<ResourceWriter> write)
        {
            _bytes.ResetWrittenCount();
            _writer.Reset(_bytes);
            write(_writer);
            _writer.Complete();
            return _bytes.WrittenMemory;
        }
    }
}
