package import Kernel
package import Markup

/// Why a file is no decision model that can be read.
package enum DMNError: Error, Equatable {
    case notXML(MarkupError, file: String)
    case notDMN(file: String, root: String, namespace: String)
    case missingImport(file: String, namespace: String)
    case notTCK(file: String, root: String)
    case missingModel(file: String, model: String)
}

extension DMNError: Explainable {
    package var problem: Problem {
        switch self {
        case .notXML(let error, let file):
            Problem(
                code: "dmn.not_xml",
                title: Phrase(zh: "文件不是可以读取的 XML。", en: "The file is no XML that can be read."),
                location: Self.location(file),
                cause: Self.cause(error),
                remedy: Phrase(zh: "请从建模工具重新导出 DMN 文件。", en: "Export the DMN file from its modeller again.")
            )
        case .notDMN(let file, let root, let namespace):
            Problem(
                code: "dmn.not_a_model",
                title: Phrase(zh: "文件不是 DMN 决策模型。", en: "The file is no decision model."),
                location: Self.location(file),
                cause: Phrase(
                    zh: "根元素应为 DMN 命名空间的 definitions，实际为「\(root)」（\(namespace)）。",
                    en: "Its root should be definitions of a DMN namespace, and is “\(root)” (\(namespace))."
                ),
                remedy: Phrase(zh: "请提供 DMN 1.1 至 1.5 的文件。", en: "Supply a file of DMN 1.1 to 1.5.")
            )
        case .missingImport(let file, let namespace):
            Problem(
                code: "dmn.missing_import",
                title: Phrase(zh: "缺少被引用的模型。", en: "A model that is imported is missing."),
                location: Self.location(file),
                cause: Phrase(
                    zh: "没有命名空间为「\(namespace)」的文件。", en: "No file has the namespace “\(namespace)”."),
                remedy: Phrase(zh: "请把被引用的模型放在同一目录。", en: "Put the imported model into the same folder.")
            )
        case .notTCK(let file, let root):
            Problem(
                code: "dmn.not_test_cases",
                title: Phrase(zh: "文件不是 DMN TCK 的测试。", en: "The file holds no test cases of the DMN TCK."),
                location: Self.location(file),
                cause: Phrase(zh: "根元素为「\(root)」，应为 testCases。", en: "Its root is “\(root)” instead of testCases."),
                remedy: Phrase(zh: "请指向 TCK 的目录。", en: "Point to a folder of the TCK.")
            )
        case .missingModel(let file, let model):
            Problem(
                code: "dmn.missing_model",
                title: Phrase(zh: "缺少测试所用的模型。", en: "The model under test is missing."),
                location: Self.location(file),
                cause: Phrase(zh: "没有文件「\(model)」。", en: "There is no file “\(model)”."),
                remedy: Phrase(zh: "请补齐文件。", en: "Put it beside the test cases.")
            )
        }
    }

    private static func location(_ file: String) -> Phrase { Phrase(zh: "文件「\(file)」", en: "file “\(file)”") }

    private static func cause(_ error: MarkupError) -> Phrase {
        switch error {
        case .dtdForbidden:
            Phrase(zh: "文件含有文档类型声明，不予读取。", en: "It has a document type declaration, which is refused.")
        case .tooDeep(let limit), .tooManyNodes(let limit), .tooManyAttributes(let limit), .tooLarge(_, let limit):
            Phrase(zh: "超过上限 \(limit)。", en: "It is over the limit of \(limit).")
        case .malformed(let line): Phrase(zh: "错误在第 \(line) 行附近。", en: "The error is near line \(line).")
        case .unsupportedEncoding(let name), .encodingMismatch(let name):
            Phrase(zh: "文字编码「\(name)」不受支持或与内容不符。", en: "Its encoding “\(name)” is not supported, or not true.")
        case .invalidUTF8(let byte), .nulByte(let byte):
            Phrase(zh: "第 \(byte) 字节的文字编码有误。", en: "Its text is not valid at byte \(byte).")
        }
    }
}
