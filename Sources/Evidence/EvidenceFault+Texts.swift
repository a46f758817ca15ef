import Kernel

extension EvidenceFault {
    var title: Phrase {
        switch self {
        case .empty: Phrase(zh: "文件是空的。", en: "The file is empty.")
        case .tooLarge: Phrase(zh: "文件过大。", en: "The file is too large.")
        case .unsupportedFormat:
            Phrase(zh: "这不是电子凭证的格式。", en: "This is no format of an electronic voucher.")
        case .unsupported: Phrase(zh: "暂不能读取这种电子凭证。", en: "This kind of electronic voucher is not read.")
        case .ambiguousFormat: Phrase(zh: "文件可以有不同的读法。", en: "The file can be read in more than one way.")
        case .encrypted: Phrase(zh: "文件已加密。", en: "The file is encrypted.")
        case .zipBomb: Phrase(zh: "压缩包展开后过大。", en: "The package unpacks to too much.")
        case .zipPathEscape: Phrase(zh: "压缩包内的路径不安全。", en: "A path in the package is not safe.")
        case .zipDuplicateEntry: Phrase(zh: "压缩包内有重名文件。", en: "The package holds one name twice.")
        case .zipSymbolicLink: Phrase(zh: "压缩包内有链接或特殊文件。", en: "The package holds a link or a special file.")
        case .zipTruncated: Phrase(zh: "压缩包不完整。", en: "The package is cut short.")
        case .zipBadDirectory: Phrase(zh: "压缩包的目录有误。", en: "The directory of the package is wrong.")
        case .zipDamaged: Phrase(zh: "压缩包内的数据已损坏。", en: "Data in the package are damaged.")
        case .zipUnsupportedMethod: Phrase(zh: "压缩方法不受支持。", en: "The compression method is not supported.")
        case .zipNested: Phrase(zh: "压缩包里还有压缩包。", en: "There is a package inside the package.")
        case .xmlDTDForbidden: Phrase(zh: "XML 含有文档类型声明。", en: "The XML has a document type declaration.")
        case .xmlTooDeep: Phrase(zh: "XML 嵌套过深。", en: "The XML is nested too deep.")
        case .xmlTooManyNodes: Phrase(zh: "XML 的节点过多。", en: "The XML has too many nodes.")
        case .xmlTooManyAttributes: Phrase(zh: "XML 元素的属性过多。", en: "An XML element has too many attributes.")
        case .xmlTooLarge: Phrase(zh: "XML 过大。", en: "The XML is too large.")
        case .xmlMalformed: Phrase(zh: "XML 不合语法。", en: "The XML is not well-formed.")
        case .unsupportedEncoding: Phrase(zh: "不支持这种文字编码。", en: "The character encoding is not supported.")
        case .encodingMismatch: Phrase(zh: "声明的编码与内容不符。", en: "The declared encoding is not that of the bytes.")
        case .invalidUTF8: Phrase(zh: "文字编码有误。", en: "The text is not valid in its encoding.")
        case .nulByte: Phrase(zh: "文字里有空字符。", en: "The text holds a NUL.")
        case .ofdPartMissing: Phrase(zh: "OFD 缺少部件。", en: "A part of the OFD is missing.")
        case .pdfLimit: Phrase(zh: "读取 PDF 耗用过多。", en: "Reading the PDF takes too much.")
        case .pdfDamaged: Phrase(zh: "PDF 已损坏。", en: "The PDF is damaged.")
        case .missingField: Phrase(zh: "凭证缺少必要的内容。", en: "The voucher lacks what it must have.")
        case .invalidAmount: Phrase(zh: "凭证上的金额无法识读。", en: "An amount of the voucher cannot be read.")
        case .amountOutOfRange: Phrase(zh: "凭证上的金额过大。", en: "An amount of the voucher is too large.")
        case .conflictingValues: Phrase(zh: "凭证的内容自相矛盾。", en: "The voucher contradicts itself.")
        }
    }

    var cause: Phrase {
        switch self {
        case .empty: Phrase(zh: "文件有 0 字节。", en: "It has 0 bytes.")
        case .tooLarge(let bytes, let limit), .xmlTooLarge(let bytes, let limit):
            Phrase(zh: "共 \(bytes) 字节，上限 \(limit) 字节。", en: "It has \(bytes) bytes; the limit is \(limit).")
        case .unsupportedFormat:
            Phrase(
                zh: "内容既不是 XML，也不是 OFD、PDF 或 ZIP。",
                en: "The content is neither XML, OFD, PDF nor ZIP."
            )
        case .unsupported(let carrier): carrier.phrase
        case .ambiguousFormat(.pdfAndZip):
            Phrase(zh: "同一文件既是 PDF 又是 ZIP。", en: "The same bytes are a PDF and a ZIP.")
        case .ambiguousFormat(.severalVouchers):
            Phrase(zh: "一个文件里有几张不同的凭证。", en: "One document holds different vouchers.")
        case .encrypted: Phrase(zh: "需要密码才能读取。", en: "It cannot be read without a password.")
        case .zipBomb(let bomb): bomb.phrase
        case .zipPathEscape(let name):
            Phrase(zh: "路径「\(name)」指向包外，或写法含糊。", en: "The path “\(name)” leads out, or is not plain.")
        case .zipDuplicateEntry(let name): Phrase(zh: "「\(name)」出现两次。", en: "“\(name)” occurs twice.")
        case .zipSymbolicLink(let name): Phrase(zh: "「\(name)」不是普通文件。", en: "“\(name)” is no plain file.")
        case .zipTruncated: Phrase(zh: "找不到目录结尾。", en: "The end of its directory is not found.")
        case .zipBadDirectory(let flaw):
            Phrase(zh: "目录与内容不一致（\(flaw.rawValue)）。", en: "Directory and content differ (\(flaw.rawValue)).")
        case .zipDamaged(let flaw):
            Phrase(
                zh: "展开的数据与目录不符（\(flaw.rawValue)）。", en: "Unpacked data are not what they should be (\(flaw.rawValue))."
            )
        case .zipUnsupportedMethod(let method):
            Phrase(zh: "方法编号 \(method)；只支持 0 和 8。", en: "It is method \(method); 0 and 8 are supported.")
        case .zipNested: Phrase(zh: "只打开一层压缩包。", en: "Only one level of packages is opened.")
        case .xmlDTDForbidden:
            Phrase(
                zh: "电子凭证不需要 DTD 和实体，它们可以改变读出的数值。",
                en: "Vouchers need no DTD or entities, and these can change what is read.")
        case .xmlTooDeep(let limit), .xmlTooManyNodes(let limit), .xmlTooManyAttributes(let limit):
            Phrase(zh: "上限为 \(limit)。", en: "The limit is \(limit).")
        case .xmlMalformed(let line): Phrase(zh: "错误在第 \(line) 行附近。", en: "The error is near line \(line).")
        case .unsupportedEncoding(let name):
            Phrase(
                zh: "声明为「\(name)」；支持 UTF-8、GB18030 和 UTF-16。",
                en: "It says “\(name)”; UTF-8, GB18030 and UTF-16 are supported.")
        case .encodingMismatch(let declared):
            Phrase(zh: "声明为 \(declared)，字节却是另一种编码。", en: "It says \(declared), and the bytes are of another.")
        case .invalidUTF8(let byte), .nulByte(let byte):
            Phrase(zh: "位置：第 \(byte) 字节。", en: "It is at byte \(byte).")
        case .ofdPartMissing(let path): Phrase(zh: "缺少「\(path)」。", en: "“\(path)” is not there.")
        case .pdfLimit:
            Phrase(
                zh: "展开或解析它所需的时间或内存远超一张凭证。",
                en: "Unpacking or parsing it needs far more time or memory than a voucher does."
            )
        case .pdfDamaged: Phrase(zh: "文件不完整，或结构无法修复。", en: "It is cut short, or its structure cannot be repaired.")
        case .missingField(let field): Phrase(zh: "没有找到「\(field)」。", en: "“\(field)” is not found.")
        case .invalidAmount(let field, let text):
            Phrase(zh: "「\(field)」写作「\(text)」，不是普通小数。", en: "“\(field)” is “\(text)”, which is no plain decimal.")
        case .amountOutOfRange(let field, let text):
            Phrase(zh: "「\(field)」为 \(text)。", en: "“\(field)” is \(text).")
        case .conflictingValues(let field, let first, let second):
            Phrase(zh: "「\(field)」既是「\(first)」又是「\(second)」。", en: "“\(field)” is both “\(first)” and “\(second)”.")
        }
    }

    var remedy: Phrase {
        switch self {
        case .unsupported, .unsupportedFormat:
            Phrase(
                zh: "请提供税务平台或开具方的 XML 或 OFD 原件，或由会计人工录入。",
                en: "Supply the issuer's original XML or OFD, or let an accountant enter it by hand."
            )
        case .encrypted: Phrase(zh: "请提供没有密码的原件。", en: "Supply the original without a password.")
        case .ambiguousFormat, .conflictingValues:
            Phrase(
                zh: "请向开具方索取原件，并在税务平台查验。",
                en: "Ask the issuer for the original, and check it on the tax platform."
            )
        default:
            Phrase(
                zh: "文件可能损坏或被改动；请从开具方重新取得原件。",
                en: "The file may be damaged or altered; get the original from its issuer again."
            )
        }
    }
}

extension EvidenceFault.Carrier {
    fileprivate var phrase: Phrase {
        switch self {
        case .pdfWithoutTools:
            Phrase(
                zh: "本机没有读取 PDF 的工具（qpdf 和 poppler-utils）。",
                en: "This machine lacks the tools that read PDF (qpdf and poppler-utils)."
            )
        case .pdfWithoutVoucher:
            Phrase(zh: "PDF 里没有可识别的凭证。", en: "The PDF holds no voucher that is known.")
        case .png, .jpeg: Phrase(zh: "这是一张图片。", en: "This is a picture.")
        case .ofdWithoutVoucher:
            Phrase(zh: "OFD 里没有可识别的凭证数据。", en: "The OFD holds no voucher data that is known.")
        case .xmlWithoutVoucher: Phrase(zh: "XML 不是已知的凭证。", en: "The XML is no known voucher.")
        case .xbrlOfUnknownTaxonomy:
            Phrase(zh: "XBRL 用的是未知的分类标准。", en: "The XBRL uses a taxonomy that is not known.")
        case .postingInformation:
            Phrase(
                zh: "这是入账信息结构化数据文件，由本系统生成，不是原始凭证。",
                en: "This is posting information, which follows from a voucher and is none."
            )
        case .zipWithoutVoucher: Phrase(zh: "压缩包里没有可读的凭证。", en: "The package holds no voucher that is read.")
        }
    }
}

extension EvidenceFault.Bomb {
    fileprivate var phrase: Phrase {
        switch self {
        case .entries(let count, let limit):
            Phrase(zh: "包内有 \(count) 个文件，上限 \(limit)。", en: "It has \(count) entries; the limit is \(limit).")
        case .entrySize(let limit):
            Phrase(zh: "有文件展开后超过 \(limit) 字节。", en: "One entry unpacks to more than \(limit) bytes.")
        case .totalSize(let limit):
            Phrase(zh: "展开后总计超过 \(limit) 字节。", en: "All entries unpack to more than \(limit) bytes.")
        case .ratio(let limit): Phrase(zh: "压缩比超过 \(limit)。", en: "The compression ratio is over \(limit).")
        case .overlap: Phrase(zh: "包内文件的数据互相重叠。", en: "The data of entries overlap.")
        }
    }
}
