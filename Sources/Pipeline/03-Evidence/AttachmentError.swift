package import Kernel

/// Why an attachment is not there, or not what the document speaks of.
package enum AttachmentError: Error, Hashable {
    /// It was asked for and did not come, or never came; the phrase says which.
    case unreachable(String, Phrase)
    case notBase64(String)
    case otherBytes(String, expected: String, found: String)
    case tooMany(count: Int, limit: Int)
    case tooLargeTogether(String, bytes: Int, limit: Int)

    /// An attachment that the document lists, and of which nothing is on record.
    package static func neverCame(_ name: String) -> AttachmentError {
        .unreachable(name, Phrase(zh: "单据列有该附件，但没有收到文件。", en: "The document lists it, but its file never came."))
    }
}

extension AttachmentError: Explainable {
    package var problem: Problem {
        switch self {
        case .unreachable(let name, let cause):
            Problem(
                code: "evidence.attachment_unreachable",
                title: Phrase(zh: "附件取不到。", en: "An attachment could not be fetched."), location: Self.place(name),
                cause: cause,
                remedy: Phrase(
                    zh: "请确认附件在 OA 中仍可下载，然后重试；或手工补传。",
                    en: "Make sure the file can still be downloaded in the OA, then retry; or upload it by hand."
                )
            )
        case .notBase64(let name):
            Problem(
                code: "evidence.attachment_not_base64",
                title: Phrase(zh: "附件内容不是 Base64。", en: "The attachment's content is not Base64."),
                location: Self.place(name),
                cause: Phrase(zh: "content_base64 无法解码。", en: "content_base64 cannot be decoded."),
                remedy: Phrase(zh: "请由发送方改正后以更高版本重发。", en: "Let the sender correct it and send a higher revision.")
            )
        case .otherBytes(let name, let expected, let found):
            Problem(
                code: "evidence.attachment_changed",
                title: Phrase(zh: "附件与单据声明的内容不同。", en: "The attachment is not the file the document speaks of."),
                location: Self.place(name),
                cause: Phrase(
                    zh: "声明的 SHA-256 为 \(expected)，实为 \(found)。",
                    en: "The SHA-256 it states is \(expected), the file's is \(found)."
                ),
                remedy: Phrase(
                    zh: "附件可能在审批后被替换，收到的文件已保留。请在 OA 中核实，恢复原文件后重试。",
                    en:
                        "The file may have been replaced after approval; the one that came is kept. Check it in the OA, restore the right one, then retry."
                )
            )
        case .tooMany(let count, let limit):
            Problem(
                code: "evidence.too_many_attachments",
                title: Phrase(zh: "附件过多。", en: "There are too many attachments."),
                location: Phrase(zh: "/attachments", en: "/attachments"),
                cause: Phrase(zh: "共 \(count) 个，上限 \(limit) 个。", en: "There are \(count); the limit is \(limit)."),
                remedy: Self.split
            )
        case .tooLargeTogether(let name, let bytes, let limit):
            Problem(
                code: "evidence.attachments_too_large",
                title: Phrase(zh: "附件合计过大。", en: "The attachments are too large together."),
                location: Self.place(name),
                cause: Phrase(
                    zh: "连同该附件共 \(bytes) 字节，一张单据的上限为 \(limit) 字节。",
                    en: "With this one they have \(bytes) bytes; the limit for one document is \(limit)."
                ),
                remedy: Self.split
            )
        }
    }

    /// Of a file that was kept although it is not the one the document speaks of; a retry asks for it again.
    package static let changedCode = "evidence.attachment_changed"

    private static func place(_ name: String) -> Phrase { Phrase(zh: "附件 \(name)", en: "attachment \(name)") }

    private static var split: Phrase {
        Phrase(
            zh: "请在 OA 中拆成几张单据，或压缩附件后重新提交。",
            en: "Split the form in the OA, or make the files smaller, and submit again."
        )
    }
}
