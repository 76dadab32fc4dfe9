{{- /* What the stand-ins of all charts share; each takes a dict with `of` (the release's context), `name` and its own. */ -}}

{{- define "stand-in.labels" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .of.Release.Name }}
{{- end }}

{{- define "stand-in.metadata" -}}
metadata:
  name: {{ .name }}
  labels:
    {{- include "stand-in.labels" . | nindent 4 }}
    app.kubernetes.io/managed-by: {{ .of.Release.Service }}
{{- end }}

{{- define "stand-in.workload" -}}
replicas: {{ .replicas | default 1 }}
selector:
  matchLabels:
    {{- include "stand-in.labels" . | nindent 4 }}
template:
  metadata:
    labels:
      {{- include "stand-in.labels" . | nindent 6 }}
    {{- with .annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    containers:
      - name: {{ .name }}
        image: {{ .image | default "stand-in" | quote }}
        {{- with .resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        {{- if .volume }}
        volumeMounts:
          - {name: data, mountPath: /data}
        {{- end }}
    {{- if and .volume (ne .kind "StatefulSet") }}
    volumes:
      - name: data
        persistentVolumeClaim: {claimName: {{ .volume }}}
    {{- end }}
{{- end }}

{{- define "stand-in.deployment" -}}
---
apiVersion: apps/v1
kind: Deployment
{{ include "stand-in.metadata" . }}
spec:
  {{- include "stand-in.workload" (set . "kind" "Deployment") | nindent 2 }}
{{- end }}

{{- define "stand-in.service" -}}
---
apiVersion: v1
kind: Service
{{ include "stand-in.metadata" . }}
spec:
  type: {{ .type | default "ClusterIP" }}
  selector:
    {{- include "stand-in.labels" (dict "of" .of "name" (.to | default .name)) | nindent 4 }}
  ports:
    - port: {{ .port }}
{{- end }}

{{- define "stand-in.claim" -}}
accessModes: [ReadWriteOnce]
{{- with .class }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .size | default "1Gi" }}
{{- end }}

{{- define "stand-in.kept-claim" -}}
---
apiVersion: v1
kind: PersistentVolumeClaim
{{ include "stand-in.metadata" . }}
  annotations: {helm.sh/resource-policy: keep}
spec:
  {{- include "stand-in.claim" . | nindent 2 }}
{{- end }}

{{- define "stand-in.kept-secret" -}}
---
apiVersion: v1
kind: Secret
{{ include "stand-in.metadata" . }}
  annotations: {helm.sh/resource-policy: keep}
{{- end }}

{{- define "stand-in.definition" -}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {{ .kind | lower }}s.{{ .group }}
spec:
  group: {{ .group }}
  scope: Namespaced
  names: {kind: {{ .kind }}, plural: {{ .kind | lower }}s, singular: {{ .kind | lower }}}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema:
        openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
{{- end }}
