namespace NovaOrleans.Silo.Connections;

/// <summary>A frame that the holder of the connection's certificate may not send; the message is a sentence's middle.</summary>
internal sealed class FrameRefusedException(string why) : Exception(why);
