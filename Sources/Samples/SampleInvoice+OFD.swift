import Kernel

extension SampleInvoice {
    /// The invoice as an OFD whose tags refer to the texts of its one page (GB/T 33190-2016).
    package func ofd() -> [UInt8] {
        var face = Face()
        let tags = tag(&face)
        var zip = ZipWriter()
        zip.add("OFD.xml", packageDescription())
        zip.add("Doc_0/Document.xml", documentDescription(lastID: face.lastID))
        zip.add("Doc_0/Pages/Page_0/Content.xml", face.page())
        zip.add("Doc_0/Tags/CustomTags.xml", tagList())
        zip.add("Doc_0/Tags/CustomTag.xml", tags)
        return zip.finish()
    }

    private var chineseDate: String {
        let parts = issueDate.parts
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.year)年\(two(parts.month))月\(two(parts.day))日"
    }

    private func packageDescription() -> [UInt8] {
        let datas = [
            ("发票号码", number), ("合计金额", net.text), ("合计税额", tax?.text ?? "***"), ("开票日期", chineseDate),
            ("购买方纳税人识别号", buyer.taxId), ("销售方纳税人识别号", seller.taxId), ("native-producer", "pingqiao-sample"),
        ]
        var xml = XMLWriter()
        xml.element("ofd:OFD", Self.attributes + [("DocType", "OFD"), ("Version", "1.1")]) { xml in
            xml.element("ofd:DocBody") { xml in
                xml.element("ofd:DocInfo") { xml in
                    xml.element("ofd:Author", "Pingqiao sample")
                    xml.element("ofd:CreationDate", issueDate.text)
                    xml.element("ofd:CustomDatas") { xml in
                        for (name, value) in datas { xml.element("ofd:CustomData", value, [("Name", name)]) }
                    }
                }
                xml.element("ofd:DocRoot", "Doc_0/Document.xml")
            }
        }
        return xml.bytes
    }

    private func documentDescription(lastID: Int) -> [UInt8] {
        var xml = XMLWriter()
        xml.element("ofd:Document", Self.attributes) { xml in
            xml.element("ofd:CommonData") { xml in
                xml.element("ofd:MaxUnitID", String(lastID))
                xml.element("ofd:PageArea") { $0.element("ofd:PhysicalBox", "0 0 210 140") }
            }
            xml.element("ofd:Pages") { xml in
                xml.element("ofd:Page", nil, [("ID", "1"), ("BaseLoc", "Pages/Page_0/Content.xml")])
            }
            xml.element("ofd:CustomTags", "Tags/CustomTags.xml")
        }
        return xml.bytes
    }

    private func tagList() -> [UInt8] {
        var xml = XMLWriter()
        xml.element("ofd:CustomTags", Self.attributes) { xml in
            xml.element("ofd:CustomTag", [("TypeID", "root")]) { $0.element("ofd:FileLoc", "CustomTag.xml") }
        }
        return xml.bytes
    }

    /// Writes the tags, and with each the texts it refers to. The sign and the figures of an amount are two objects.
    private func tag(_ face: inout Face) -> [UInt8] {
        face.add("电子发票（\(kind.rawValue)）")
        if let specialLabel { face.add(specialLabel) }
        face.add(total.inCapitals)
        var xml = XMLWriter()
        func write(_ name: String, _ texts: String...) {
            xml.element("ofd:" + name) { xml in
                for text in texts { xml.element("ofd:ObjectRef", String(face.add(text)), [("PageRef", "1")]) }
            }
        }
        xml.open("ofd:root", Self.attributes)
        write("InvoiceNo", number)
        write("IssueDate", chineseDate)
        xml.open("ofd:Buyer")
        write("BuyerName", buyer.name)
        write("BuyerTaxID", buyer.taxId)
        xml.close("ofd:Buyer")
        xml.open("ofd:Seller")
        write("SellerName", seller.name)
        write("SellerTaxID", seller.taxId)
        xml.close("ofd:Seller")
        write("TaxExclusiveTotalAmount", "¥", net.text)
        if let tax { write("TaxTotalAmount", "¥", tax.text) } else { write("TaxTotalAmount", "***") }
        write("TaxInclusiveTotalAmount", "¥", total.text)
        write("InvoiceClerk", drawer)
        for line in lines {
            write("Item", line.name)
            if let unit = line.unit { write("MeasurementDimension", unit) }
            if let quantity = line.quantity { write("Quantity", quantity.text) }
            if let price = line.unitPrice { write("Price", price.text) }
            write("Amount", line.net.text)
            write("TaxScheme", line.printedRate)
            write("TaxAmount", line.tax?.text ?? "***")
        }
        if let passenger { write("Traveler", passenger) }
        let red = originalNumber.map { "被红冲蓝字数电发票号码：\($0)" }
        let note = [red, remark].compactMap(\.self).joined(separator: " ")
        if !note.isEmpty { write("Note", note) }
        xml.close("ofd:root")
        return xml.bytes
    }

    private static let attributes = [("xmlns:ofd", "http://www.ofdspec.org/2016")]

    /// The texts of the page, one below the other: a reader needs their numbers, not their beauty.
    private struct Face {
        private(set) var lastID = 100
        private var texts: [(id: Int, text: String)] = []

        @discardableResult
        mutating func add(_ text: String) -> Int {
            lastID += 1
            texts.append((lastID, text))
            return lastID
        }

        func page() -> [UInt8] {
            var xml = XMLWriter()
            xml.element("ofd:Page", SampleInvoice.attributes) { xml in
                xml.element("ofd:Area") { $0.element("ofd:PhysicalBox", "0 0 210 140") }
                xml.element("ofd:Content") { xml in
                    xml.element("ofd:Layer", [("ID", "50")]) { xml in
                        for (index, text) in texts.enumerated() {
                            let box = "\(10 + index / 30 * 95) \(5 + index % 30 * 4) 90 4"
                            let attributes = [
                                ("ID", String(text.id)), ("Boundary", box), ("Font", "4"), ("Size", "3"),
                            ]
                            xml.element("ofd:TextObject", attributes) { xml in
                                xml.element("ofd:TextCode", text.text, [("X", "0"), ("Y", "3")])
                            }
                        }
                    }
                }
            }
            return xml.bytes
        }
    }
}
