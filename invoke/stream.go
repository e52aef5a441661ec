package invoke

// streamDeserializer is the deserializer of InvokeWithResponseStream.
type streamDeserializer struct{ invokeDeserializer }
