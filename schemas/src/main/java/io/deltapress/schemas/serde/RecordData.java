package io.deltapress.schemas.serde;

import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/** How values of generated records look in Java. */
final class RecordData {
  private static final SpecificData DATA = data();

  private RecordData() {}

  static <T> DatumWriter<T> writer(Schema schema) {
    return new SpecificDatumWriter<>(schema, DATA);
  }

  static <T> DatumReader<T> reader(Schema written, Schema read) {
    return new SpecificDatumReader<>(written, read, DATA);
  }

  static Schema schema(Class<?> type) {
    return DATA.getSchema(type);
  }

  private static SpecificData data() {
    TrustedRecords.install();
    SpecificData data = new SpecificData(RecordData.class.getClassLoader());
    data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
    return data;
  }
}
