package bolt

// What the fuzz test of the codec reaches.
var (
	EncodeEntry  = encodeEntry
	DecodeEntry  = decodeEntry
	DecodeDue    = decodeDue
	EncodeRecord = encodeRecord
	DecodeRecord = decodeRecord
)
