import Kernel
import Pipeline

/// Originals by their digest: small ones in the row, large ones in files under the same name.
struct SQLOriginals: OriginalRepository {
    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func bytes(_ digest: Digest) throws -> [UInt8]? {
        guard
            let row = try context.connection.row(
                "SELECT content FROM originals WHERE book_id = $1 AND digest = $2",
                [context.bookValue, .digest(digest)]
            )
        else { return nil }
        return try row.optionalBytes(0) ?? context.originals.read(digest)
    }

    func name(_ original: KeptOriginal, mediaType: String) throws {
        try context.connection.send(
            """
            INSERT INTO originals (book_id, digest, media_type, byte_count, content, named_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (book_id, digest) DO NOTHING
            """,
            [
                context.bookValue, .digest(original.digest), .text(mediaType), .int(original.size),
                .optional(original.inlineBytes), .time(try context.unit().at),
            ]
        )
        try context.log(
            "original.named", "original:" + original.digest.hex,
            .object([
                ("bytes", .integer(original.size)), ("media_type", .string(mediaType)),
                ("in_file", .bool(original.inlineBytes == nil)),
            ])
        )
    }
}
